using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tcp;

/// <summary>Deliveries as frames of the dispatcher's port.</summary>
internal sealed class DispatcherFormat : WireFormat
{
    public static readonly DispatcherFormat Instance = new();

    [ThreadStatic]
    private static JsonBuffer? _buffer;

    public static void Write(ReplyWriter writer, Delivery delivery) =>
        // So spelled on this wire: its clients look for that.
        JsonDeliveries.Write(writer, delivery, "broadcats"u8);

    protected override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
    {
        var buffer = _buffer ??= new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var ends = deliveries.Length > 1 ? new int[deliveries.Length] : null;
        for (var i = 0; i < deliveries.Length; i++)
        {
            var start = writer.BeginFrame();
            Write(writer, deliveries[i]);
            writer.EndFrame(start);
            if (ends is not null) ends[i] = buffer.Length;
        }

        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return new EncodedBatch(bytes, ends);
    }
}
