using Signalbox.Core.Refusals;
using Signalbox.Gateways.Errors;
using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess;

/// <summary>Signalbox said no, and changed nothing: the error is the one that a client would be told.</summary>
public sealed class SignalboxException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code => code;

    /// <summary>Whether the same may succeed later, without a change.</summary>
    public bool MayRetry => ErrorTable.Of(code).Retry;

    internal static void ThrowIf(Refusal refusal)
    {
        if (refusal == Refusal.None) return;

        var (code, message) = Refusals.Explain(refusal);
        throw new SignalboxException(code, message);
    }
}
