using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Messages as PUBLISH at QoS 0, for all subscribers of a version that have nothing of their own.</summary>
/// <param name="keepsRetain">Whether the retain flag is as published.</param>
/// <param name="isFramed">Whether each is a message of a WebSocket.</param>
internal sealed class MqttFormat(MqttVersion version, bool keepsRetain, bool isFramed, TimeProvider clock) : WireFormat
{
    private static readonly SessionSubscription Live = new("#", null, Quality.AtMostOnce, false, false, 0);
    private static readonly SessionSubscription AsPublished = Live with { RetainAsPublished = true };

    [ThreadStatic]
    private static JsonBuffer? _buffer;

    protected override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
    {
        var buffer = _buffer ??= new JsonBuffer();
        var ends = deliveries.Length > 1 ? new int[deliveries.Length] : null;
        var subscription = keepsRetain ? AsPublished : Live;
        for (var i = 0; i < deliveries.Length; i++)
        {
            // Joins and the like have no topic here.
            if (deliveries[i] is MessageDelivery message) Write(buffer, message, subscription);
            if (ends is not null) ends[i] = buffer.Length;
        }

        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return new EncodedBatch(bytes, ends);
    }

    private void Write(JsonBuffer buffer, MessageDelivery message, SessionSubscription subscription)
    {
        var start = isFramed ? WebSocketFrameCodec.Begin(buffer) : 0;
        MqttMessages.TryWrite(
            buffer,
            new MqttRecipient(version, int.MaxValue, Aliases: null),
            message.Channel,
            message.Message,
            MqttDelivery.Live(subscription, message.Message),
            packetId: 0,
            isDuplicate: false,
            clock.GetUtcNow(),
            mayBeDropped: true);
        if (isFramed) WebSocketFrameCodec.End(buffer, start, WebSocketOpcode.Binary, isCompressed: false);
    }
}
