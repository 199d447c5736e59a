using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

// Messages on their way to the client, and what it answers.
internal sealed partial class MqttClient
{
    [ThreadStatic]
    private static JsonBuffer? _buffer;

    // What every message looks like that comes to this client, where all its subscriptions are plain; null where they are
    // not, or it is away. Read without the gate.
    private volatile MqttFormat? _plain;
    private bool _isWaitingForRoom;

    protected override void Deliver(DeliveryBatch batch, int first)
    {
        // What is for everybody, or for one user, has no topic.
        if (batch.Channel is null) return;

        if (_plain is { } format && _connection is { } connection)
        {
            var encoded = batch.As(format);
            if (encoded.Length == 0) return;
            if (encoded.Length <= connection.MaxPacketBytes)
            {
                connection.Outbound.Deliver(batch, encoded, first);
                _host.Figures.Sent(batch.Count - first);
                return;
            }
        }

        using (_gate.Enter()) DeliverEach(batch, first);
    }

    protected override void FallBehind() => _connection?.EndFor(SessionEnd.SlowReader);

    /// <summary>Takes a message of a shared subscription.</summary>
    /// <returns>False where somebody else should have it.</returns>
    public bool TryTakeShared(string key, string channel, Message message, bool mustBeConnected)
    {
        using (_gate.Enter())
        {
            var connection = _connection;
            if (_session.HasEnded || _session.SubscriptionOf(key) is not { } subscription) return false;
            if (mustBeConnected && (connection is null || connection.Outbound.IsBehind)) return false;

            var delivery = MqttDelivery.Live(subscription, message);
            if (delivery.Quality == Quality.AtMostOnce)
            {
                if (connection is null) return false;
                SendOnce(connection, channel, message, delivery);
                return true;
            }

            // Who is at its limit leaves it to somebody who is not.
            if (mustBeConnected && _session.WaitingCount >= connection!.ReceiveMaximum) return false; // Looked at above.
            if (!TryQueue(channel, message, delivery, key)) return false;
            SendWaiting();
            return true;
        }
    }

    /// <summary>A channel's values, for a new subscription. The client gets them before what comes next.</summary>
    public async ValueTask SendRetainedAsync(
        MqttConnection connection, SessionSubscription subscription, IReadOnlyList<(string Channel, Message Message)> values)
    {
        const int piece = 64;
        for (var i = 0; i < values.Count && connection.End is null; i += piece)
        {
            if (connection.Outbound.IsBehind) await connection.Outbound.WaitForRoomAsync();
            using (_gate.Enter())
            {
                if (_connection != connection) return;
                foreach (var (channel, message) in values.Skip(i).Take(piece)) SendRetained(connection, subscription, channel, message);
                SendWaiting();
            }
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP of the client.</summary>
    public void Acknowledged(MqttConnection connection, in MqttAck ack)
    {
        using (_gate.Enter())
        {
            if (_connection != connection) return;

            var fact = ack.Type switch
            {
                MqttPacketType.PubAck => _session.Acknowledge(ack.PacketId),
                MqttPacketType.PubRec => _session.Receive(ack.PacketId, ack.Reason.IsFailure()),
                _ => _session.Complete(ack.PacketId),
            };
            // A release that is forgotten would be a message that comes twice.
            var isRelease = ack.Type == MqttPacketType.PubRec && !ack.Reason.IsFailure();
            if (fact is not null) Do(fact, isWaitedFor: isRelease);
            if (isRelease) Release(connection, ack.PacketId, isKnown: fact is not null);
            SendWaiting();
        }
    }

    // Under the gate, as all below.
    private void Replan()
    {
        var all = _session.Subscriptions;
        var connection = _connection;
        var first = all.FirstOrDefault();
        var isPlain = first is not null && all.All(one => one.IsPlain && one.RetainAsPublished == first.RetainAsPublished);
        _plain = connection is null || !isPlain || connection.TakesAliases
            ? null
            : _host.Formats.Of(connection.Version, first!.RetainAsPublished, connection.IsFramed);
    }

    private void DeliverEach(DeliveryBatch batch, int first)
    {
        if (_session.HasEnded) return;

        var connection = _connection;
        var buffer = _buffer ??= new JsonBuffer();
        var ends = new int[batch.Count];
        var now = Now;
        var mayBeDropped = batch.Options.SlowReader != SlowReaderPolicy.Disconnect;
        for (var i = first; i < batch.Count; i++)
        {
            if (batch.Deliveries[i] is MessageDelivery message && IsNext(message))
            {
                var place = PlaceOf(message);
                var delivery = _session.Match(message.Channel, message.Message, Id);
                var isKept = delivery is { Quality: > Quality.AtMostOnce }
                    && TryQueue(message.Channel, message.Message, delivery, group: null, place);
                if (place is { } passed && !isKept) PassBy(message.Channel, passed);
                if (delivery is { Quality: Quality.AtMostOnce })
                {
                    connection?.TryWrite(buffer, message.Channel, message.Message, delivery, 0, false, now, mayBeDropped);
                }
            }

            ends[i] = buffer.Length;
        }

        if (buffer.Length > 0)
        {
            var bytes = buffer.WrittenSpan.ToArray();
            // Nothing overtakes what waits for the disk.
            if (_held is not null) Send(connection!, bytes, isRevealing: false); // Written for it.
            else connection!.Outbound.Deliver(batch, new EncodedBatch(bytes, ends), first); // Written for it.
            _host.Figures.Sent(batch.Count - first);
            buffer.Clear();
        }

        SendWaiting();
    }

    private void Release(MqttConnection connection, ushort packetId, bool isKnown)
    {
        var buffer = _buffer ??= new JsonBuffer();
        var reason = isKnown ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound;
        connection.Write(buffer, new MqttAck { Type = MqttPacketType.PubRel, PacketId = packetId, Reason = reason });
        Send(connection, buffer.WrittenSpan.ToArray(), isRevealing: isKnown);
        buffer.Clear();
    }

    private void SendRetained(MqttConnection connection, SessionSubscription subscription, string channel, Message message)
    {
        var delivery = MqttDelivery.Retained(subscription, message);
        if (MqttHeaders.ExpiryOf(message.Headers, message.Time) <= Now) return;
        if (delivery.Quality == Quality.AtMostOnce) SendOnce(connection, channel, message, delivery);
        else TryQueue(channel, message, delivery, group: null);
    }

    private void SendOnce(MqttConnection connection, string channel, Message message, MqttDelivery delivery)
    {
        var buffer = _buffer ??= new JsonBuffer();
        if (connection.TryWrite(buffer, channel, message, delivery, 0, false, Now, mayBeDropped: false))
        {
            Send(connection, buffer.WrittenSpan.ToArray(), isRevealing: false);
        }

        buffer.Clear();
        _host.Figures.Sent(1);
    }

    private bool TryQueue(string channel, Message message, MqttDelivery delivery, string? group, ChannelPosition? place = null)
    {
        var expiry = message.Headers.IsEmpty ? null : MqttHeaders.ExpiryOf(message.Headers, message.Time);
        if (!HasRoom || _session.Offer(new MqttMessage(channel, message, place, delivery, group, expiry)) is not { } queued)
        {
            _host.Figures.Dropped(1);
            return false;
        }

        if (queued.Dropped > 0) _host.Figures.Dropped(queued.Dropped);
        Do(queued);
        return true;
    }

    /// <summary>Sends what waits and the client takes now.</summary>
    private void SendWaiting()
    {
        if (_connection is not { } connection || _isWaitingForRoom) return;

        var buffer = _buffer ??= new JsonBuffer();
        var now = Now;
        // What was sent at QoS 2 and is forgotten would be sent anew, and come twice.
        var isRevealing = false;
        while (_session.NextToSend(now) is { } fact)
        {
            if (connection.Outbound.IsBehind)
            {
                _isWaitingForRoom = true;
                connection.Background.Add(SendWhenRoomAsync(connection));
                break;
            }

            var isNew = fact is MessageSent && _session.FirstWaiting is { Delivery.Quality: Quality.ExactlyOnce };
            Do(fact, isWaitedFor: isNew);
            if (fact is MessageExpired or MessageCompleted) _host.Figures.Dropped(1);
            isRevealing |= isNew || fact is ReleaseSentAgain or MessageSentAgain;
            Write(connection, buffer, fact, now);
            if (buffer.Length < Session.MaxGatheredBytes) continue;
            Send(connection, buffer.WrittenSpan.ToArray(), isRevealing);
            buffer.Clear();
        }

        if (buffer.Length > 0) Send(connection, buffer.WrittenSpan.ToArray(), isRevealing);
        buffer.Clear();
        ReadOn();
    }

    private async Task SendWhenRoomAsync(MqttConnection connection)
    {
        await connection.Outbound.WaitForRoomAsync();
        using (_gate.Enter())
        {
            _isWaitingForRoom = false;
            SendWaiting();
        }
    }

    private void Write(MqttConnection connection, JsonBuffer buffer, MqttFact fact, DateTimeOffset now)
    {
        switch (fact)
        {
            case MessageSent sent:
                Write(connection, buffer, sent.PacketId, isDuplicate: false, now);
                break;

            case MessageSentAgain again:
                Write(connection, buffer, again.PacketId, isDuplicate: true, now);
                break;

            case ReleaseSentAgain release:
                connection.Write(buffer, new MqttAck { Type = MqttPacketType.PubRel, PacketId = release.PacketId });
                break;
        }
    }

    private void Write(MqttConnection connection, JsonBuffer buffer, ushort packetId, bool isDuplicate, DateTimeOffset now)
    {
        var message = _session.InFlightOf(packetId)!; // It has just been sent.
        _host.Figures.Sent(1);
        if (connection.TryWrite(
            buffer, message.Channel, message.Message!, message.Delivery, packetId, isDuplicate, now, mayBeDropped: false)) return;

        // Too large for this client: as if it had been sent, and had come.
        if (_session.Discard(packetId) is { } discarded) Do(discarded);
    }
}
