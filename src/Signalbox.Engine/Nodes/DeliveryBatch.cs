using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// Deliveries of one channel (or one broadcast) that came together, to be written once per protocol and given to
/// every subscriber as the same bytes.
/// </summary>
public sealed class DeliveryBatch
{
    private readonly Delivery[] _deliveries;
    private EncodedBatch?[] _encoded = [];

    internal DeliveryBatch(string? channel, ChannelOptions options, Delivery[] deliveries)
    {
        Channel = channel;
        Options = options;
        _deliveries = deliveries;
        Epoch = "";
        foreach (var delivery in deliveries)
        {
            if (delivery is not MessageDelivery message) continue;
            if (FirstOffset == 0) FirstOffset = message.Message.Offset;
            LastOffset = message.Message.Offset;
            Epoch = message.Epoch;
        }
    }

    /// <summary>The channel; null for a broadcast.</summary>
    public string? Channel { get; }

    /// <summary>The channel's options: the slow reader's policy among them.</summary>
    public ChannelOptions Options { get; }

    public ReadOnlySpan<Delivery> Deliveries => _deliveries;

    public int Count => _deliveries.Length;

    /// <summary>The offsets of the first and last message; 0 where there is none.</summary>
    public long FirstOffset { get; }

    public long LastOffset { get; }

    internal string Epoch { get; }

    /// <summary>The batch as bytes of this protocol, made when first asked for.</summary>
    /// <remarks>Batches are encoded on the pump's thread or, while a subscriber catches up, on another: whoever comes
    /// second may encode again, and either result is good.</remarks>
    public EncodedBatch As(WireFormat format)
    {
        var encoded = _encoded;
        if (format.Slot < encoded.Length && encoded[format.Slot] is { } ready) return ready;

        var made = format.Encode(_deliveries);
        if (format.Slot >= encoded.Length) Array.Resize(ref encoded, format.Slot + 1);
        encoded[format.Slot] = made;
        _encoded = encoded;
        return made;
    }

    /// <summary>The offset of a delivery by its index; 0 where it is no message.</summary>
    public long OffsetAt(int index) => _deliveries[index] is MessageDelivery message ? message.Message.Offset : 0;

    /// <summary>The index of the first delivery behind this message; 0 where it is not here.</summary>
    internal int FirstBehind(Message known)
    {
        for (var i = _deliveries.Length - 1; i >= 0; i--)
        {
            if (_deliveries[i] is MessageDelivery { Message: var message } && message.Offset == known.Offset && message.Time == known.Time)
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>The index of the first delivery that somebody who has seen this offset has not seen.</summary>
    internal int FirstAfter(long offset)
    {
        if (FirstOffset == 0 || FirstOffset > offset) return 0;

        for (var i = 0; i < _deliveries.Length; i++)
        {
            if (OffsetAt(i) > offset) return i;
        }

        return _deliveries.Length;
    }
}
