using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.WebSockets;

/// <summary>JSON objects as messages of one kind: text or binary, compressed where long or never.</summary>
/// <param name="compressFrom">The shortest message that is compressed; null for none.</param>
/// <param name="window">See <see cref="DeflateAgreement.Window"/>.</param>
internal sealed class WebSocketFormat(
    WebSocketOpcode opcode, int? compressFrom = null, int window = DeflateAgreement.LargestWindow) : WireFormat
{
    [ThreadStatic]
    private static JsonBuffer? _buffer;

    public static void Write(ReplyWriter writer, Delivery delivery) => JsonDeliveries.Write(writer, delivery, "broadcast"u8);

    public static int Begin(JsonBuffer buffer) => WebSocketFrameCodec.Begin(buffer);

    public void End(JsonBuffer buffer, int start)
    {
        var payload = WebSocketFrameCodec.PayloadOf(start);
        var isCompressed = buffer.Length - payload >= compressFrom && MessageDeflate.TryDeflate(buffer, payload, window);
        WebSocketFrameCodec.End(buffer, start, opcode, isCompressed);
    }

    protected override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
    {
        var buffer = _buffer ??= new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var ends = deliveries.Length > 1 ? new int[deliveries.Length] : null;
        for (var i = 0; i < deliveries.Length; i++)
        {
            var start = Begin(buffer);
            Write(writer, deliveries[i]);
            End(buffer, start);
            if (ends is not null) ends[i] = buffer.Length;
        }

        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return new EncodedBatch(bytes, ends);
    }
}
