using System.Diagnostics;

namespace Signalbox.Core.Channels;

/// <summary>The newest messages of a channel, with consecutive offsets, in a ring that grows as it fills.</summary>
/// <remarks>
/// A message's place follows from its offset, so finding one is arithmetic. The ring's length is a power of two and is
/// never taken in advance: a server has many channels, and most of them never fill their history.
/// </remarks>
internal sealed class MessageHistory
{
    private const int SmallestRing = 4;

    private Message[] _ring = [];
    private int _head;

    public int Count { get; private set; }

    public Message Oldest => this[0];

    public Message this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>
    /// Adds the newest message, and lets the oldest go where there are more than <paramref name="maxCount"/>.
    /// </summary>
    public void Append(Message message, int maxCount)
    {
        Debug.Assert(Count == 0 || message.Offset == this[Count - 1].Offset + 1, "Offsets rise by one.");
        while (Count > 0 && Count >= maxCount) RemoveOldest();
        if (maxCount <= 0) return;

        if (Count == _ring.Length) Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = message;
        Count++;
    }

    public void RemoveUpTo(long offset)
    {
        while (Count > 0 && Oldest.Offset <= offset) RemoveOldest();

        // A channel that has gone quiet gives its ring back.
        if (Count == 0) _ring = [];
    }

    /// <summary>How many of the kept messages have an offset up to and with this one.</summary>
    public int CountUpTo(long offset)
    {
        if (Count == 0 || offset < Oldest.Offset) return 0;

        return (int)Math.Min(offset - Oldest.Offset + 1, Count);
    }

    /// <summary>Copies messages from the one at <paramref name="start"/> on, in steps of 1 or -1.</summary>
    public Message[] Copy(int start, int step, int count)
    {
        var messages = new Message[count];
        for (var i = 0; i < count; i++) messages[i] = this[start + (i * step)];
        return messages;
    }

    private void RemoveOldest()
    {
        _ring[_head] = null!; // A slot outside of the ring's content is never read, and must not hold a payload alive.
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var ring = new Message[Math.Max(SmallestRing, _ring.Length * 2)];
        for (var i = 0; i < Count; i++) ring[i] = this[i];
        _ring = ring;
        _head = 0;
    }
}
