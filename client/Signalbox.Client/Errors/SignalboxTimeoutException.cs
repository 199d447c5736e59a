namespace Signalbox.Client;

/// <summary>
/// The command was sent and the connection is alive, but no reply came within
/// <see cref="SignalboxClientOptions.CommandTimeout"/>: whether it was done is unknown.
/// </summary>
public sealed class SignalboxTimeoutException(string message) : TimeoutException(message);
