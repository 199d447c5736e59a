using Signalbox.Protocol.Errors;

namespace Signalbox.Client;

/// <summary>The server's answer is an error. Nothing was changed, save for
/// <see cref="ErrorCode.InternalError"/>.</summary>
public sealed class SignalboxException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code => code;

    /// <summary>How long to wait before another try; null where the server did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is left of the rate limit; null where the error is none of that.</summary>
    public long? Remaining { get; init; }

    /// <summary>Whether the same command may succeed later, without a change.</summary>
    public bool MayRetry => code is ErrorCode.RateLimited or ErrorCode.Unavailable or ErrorCode.InternalError;
}
