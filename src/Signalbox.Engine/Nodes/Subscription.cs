using Signalbox.Core.Channels;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// A subscriber's place in a channel or filter. Until it goes live, what arrives is kept for it, so that nothing
/// falls between the history it reads and the live messages it gets.
/// </summary>
/// <remarks>What is kept, and whether it is live, belongs to the node's pump.</remarks>
public sealed class Subscription
{
    // Somebody who reads a long history slowly is cut off here, as a slow reader of live messages is.
    private const int MaxHeld = 10_000;

    private readonly Node _node;
    private List<DeliveryBatch>? _held = [];
    private long _after;
    private string _epoch = "";

    internal Subscription(Subscriber owner, Audience audience, Node node)
    {
        _node = node;
        Owner = owner;
        Audience = audience;
    }

    public Subscriber Owner { get; }

    internal Audience Audience { get; }

    /// <summary>Its place in the audience's array; -1 once it has left.</summary>
    internal int Seat { get; set; } = -1;

    internal bool IsLive => _held is null;

    /// <summary>From here on the subscriber gets live messages: first those that arrived since it came in, without
    /// those that it has by now. The pump does so, after all that was posted before.</summary>
    /// <param name="seen">The last message that it was given, or where the channel stood when it came in.</param>
    public void GoLive(ChannelPosition seen) => _node.Do(() => Begin(seen));

    /// <summary>As above for a filter, which stands nowhere: of what arrived in these channels the subscriber gets what is
    /// behind the message that it was given.</summary>
    public void GoLiveBehind(IReadOnlyDictionary<string, Message> given) => _node.Do(() => BeginBehind(given));

    private void Begin(ChannelPosition seen)
    {
        // It may have left since.
        if (Seat < 0 || _held is not { } held) return;

        _held = null;
        _after = seen.Offset;
        _epoch = seen.Epoch;
        foreach (var batch in held) Give(batch);
    }

    private void BeginBehind(IReadOnlyDictionary<string, Message> given)
    {
        if (Seat < 0 || _held is not { } held) return;

        _held = null;
        var firsts = new int[held.Count];
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var i = held.Count - 1; i >= 0; i--)
        {
            if (held[i].Channel is not { } channel || !given.TryGetValue(channel, out var message)) continue;

            firsts[i] = found.Contains(channel) ? held[i].Count : held[i].FirstBehind(message);
            if (firsts[i] > 0) found.Add(channel);
        }

        for (var i = 0; i < firsts.Length; i++)
        {
            if (firsts[i] < held[i].Count) Owner.Deliver(held[i], firsts[i]);
        }
    }

    internal void Give(DeliveryBatch batch)
    {
        if (_held is not null)
        {
            if (_held.Count < MaxHeld) _held.Add(batch);
            else Owner.FallBehind();
            return;
        }

        // Offsets are only comparable within an epoch: another one begins a new count, of which nothing was seen.
        var first = batch.Epoch == _epoch ? batch.FirstAfter(_after) : 0;
        if (first < batch.Count) Owner.Deliver(batch, first);
    }
}
