using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Gateways.Errors;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Sessions;

/// <summary>An error reply.</summary>
/// <param name="Rate">What is left of the rate limit, where that is the reason.</param>
internal sealed record Failure(ErrorCode Code, string Message, RateState? Rate)
{
    public static readonly Failure Internal = new(
        ErrorCode.InternalError, "Something went wrong in the server, and it is not known whether the command was done.", null);

    /// <summary>The engine could not write its log, and has stopped.</summary>
    public static readonly Failure LogFailed = new(
        ErrorCode.Unavailable, "The storage failed, and it is not known whether the command was done.", null);

    /// <summary>How long to wait where it is somebody else's to make room: nobody knows when they will.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Failure Of(Refusal refusal)
    {
        var (code, message) = Refusals.Explain(refusal);
        return code == ErrorCode.RateLimited ? Limited(message, 0) : new Failure(code, message, null);
    }

    /// <summary>As many as one connection, user or address may have are there.</summary>
    public static Failure Limited(string message, int remaining) =>
        new(ErrorCode.RateLimited, message, new RateState(remaining, Pause));
}
