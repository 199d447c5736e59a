namespace Signalbox.Client;

/// <summary>There was no connection, or it broke before the reply came. <see cref="Outcome"/> tells which.</summary>
public sealed class SignalboxConnectionLostException(Outcome outcome, string message, Exception? reason = null)
    : IOException(message, reason)
{
    public Outcome Outcome => outcome;
}
