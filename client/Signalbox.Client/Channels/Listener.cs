namespace Signalbox.Client;

/// <summary>A subscription's place in one channel: up to where it has been given the messages.</summary>
/// <remarks>Guarded by the gate of the table. Only the reader of the connection moves it on.</remarks>
internal sealed class Listener(Subscription subscription, string channel, ChannelPosition? since)
{
    // Offsets of many channels say nothing of each other.
    private readonly bool _isFilter = ChannelFilter.IsFilter(channel);

    public Subscription Subscription => subscription;

    public string Channel => channel;

    /// <summary>The last message that it was given, or where it came in; null until that is known.</summary>
    public ChannelPosition? Position { get; set; } = since;

    /// <summary>Nothing up to this offset is given (again). Apart from the position, because a connection may still owe
    /// messages that are older than the place where it says the channel stands.</summary>
    public long Seen { get; set; } = since?.Offset ?? 0;

    /// <summary>A full buffer made it leave messages out: it comes in anew when the buffer is empty.</summary>
    public bool IsBehind { get; set; }

    /// <summary>It is on its way in anew.</summary>
    public bool IsEntering { get; set; }

    /// <summary>The channel's last value is news to it.</summary>
    public bool TakesRetained { get; set; } = true;

    /// <summary>Done when the server has taken it in for the first time.</summary>
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Wants(long offset, bool isRetained) =>
        !IsBehind && (_isFilter ? !isRetained : isRetained ? TakesRetained : offset > Seen);

    /// <summary>It has everything up to this offset now.</summary>
    public void MoveTo(long offset)
    {
        if (_isFilter) return;

        Seen = Math.Max(Seen, offset);
        if (Position is { } position) Position = position with { Offset = Math.Max(position.Offset, offset) };
    }
}
