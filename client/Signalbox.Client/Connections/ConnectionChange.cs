namespace Signalbox.Client;

/// <summary>News of the connection.</summary>
/// <param name="Reason">Why it broke or could not be made; null otherwise.</param>
/// <param name="RetryIn">When <see cref="ConnectionState.Disconnected"/>: how long until the next try, null for
/// none.</param>
public sealed record ConnectionChange(ConnectionState State, Exception? Reason, TimeSpan? RetryIn);
