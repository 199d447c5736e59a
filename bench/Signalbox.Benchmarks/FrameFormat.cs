using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Benchmarks;

/// <summary>The dispatcher's frames, as its gateway writes them.</summary>
internal sealed class FrameFormat : WireFormat
{
    private readonly JsonBuffer _buffer = new();

    protected override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
    {
        var writer = new ReplyWriter(_buffer);
        var ends = deliveries.Length > 1 ? new int[deliveries.Length] : null;
        for (var i = 0; i < deliveries.Length; i++)
        {
            var delivery = (MessageDelivery)deliveries[i];
            var start = writer.BeginFrame();
            writer.Raw("{\"command\":\"message\",\"key\":"u8);
            writer.Text(delivery.Channel);
            writer.ValueProperty(delivery.Message.Payload.Bytes.Span, ValueFormat.Text);
            writer.Raw(",\"offset\":"u8);
            writer.Number(delivery.Message.Offset);
            writer.EndObject();
            writer.EndFrame(start);
            if (ends is not null) ends[i] = _buffer.Length;
        }

        var bytes = _buffer.WrittenSpan.ToArray();
        _buffer.Clear();
        return new EncodedBatch(bytes, ends);
    }
}
