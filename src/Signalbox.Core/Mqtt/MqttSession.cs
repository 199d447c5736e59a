using System.Diagnostics;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Mqtt;

/// <summary>
/// What a server and an MQTT client remember of each other while the client comes and goes: subscriptions, messages on
/// their way in either direction, and the will.
/// </summary>
/// <remarks>
/// <para>A message of QoS 1 or 2 on its way to the client:</para>
/// <code>
///  Offer         NextToSend                 Acknowledge (PUBACK)
///  ------> waiting -------> in flight ------------------------------------> gone
///                              | Receive (PUBREC)          Complete (PUBCOMP) ^
///                              +-------------> released ----------------------+
/// </code>
/// <para>After the client came back all that is in flight is sent again, in the order in which it was sent; what waits
/// comes behind it. QoS 0 does not come here: it is sent or it is not.</para>
/// <para>Deciding and doing are apart, as in every machine. Not thread-safe.</para>
/// </remarks>
public sealed partial class MqttSession(MqttLimits limits)
{
    private readonly SessionSubscriptions _subscriptions = new();

    // Most sessions are idle: these are there only while they hold something.
    private Queue<MqttMessage>? _waiting;
    private Dictionary<ushort, MqttInFlight>? _inFlight;
    private Queue<MqttInFlight>? _again;
    private Dictionary<ushort, BegunPublish>? _begun;
    private Dictionary<string, ChannelPosition>? _readTo;
    private SessionWill? _will;
    private DateTimeOffset? _willAt;
    private DateTimeOffset? _endsAt;
    private long _waitingBytes;
    private long _lastTicket;
    private long _lastPublish;
    private int _quota;
    private ushort _lastPacketId;

    /// <summary>Another one for each session, whatever its client is called.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Whose client it is; null for nobody's.</summary>
    public string? Owner { get; private set; }

    /// <summary>What the client calls itself.</summary>
    public string Name { get; private set; } = "";

    public string Peer { get; private set; } = "";

    /// <summary>How long the session waits for its client.</summary>
    public TimeSpan Expiry { get; private set; }

    public bool IsConnected { get; private set; }

    public bool HasEnded { get; private set; }

    public SessionWill? Will => _will;

    public int WaitingCount => _waiting?.Count ?? 0;

    /// <summary>What is sent next, where it is not sent again; null for nothing.</summary>
    public MqttMessage? FirstWaiting => _waiting is not null && _waiting.TryPeek(out var first) ? first : null;

    public int InFlightCount => _inFlight?.Count ?? 0;

    public IReadOnlyCollection<SessionSubscription> Subscriptions => _subscriptions.All;

    /// <summary>When it ends without its client; the far end of the calendar while that is there.</summary>
    public DateTimeOffset EndsAt => _endsAt ?? DateTimeOffset.MaxValue;

    /// <summary>When <see cref="NextDue"/> next has something to say; null while the client is there.</summary>
    public DateTimeOffset? NextWakeUp => HasEnded || IsConnected ? null : _willAt < _endsAt ? _willAt : _endsAt;

    /// <param name="receiveMaximum">How many unacknowledged messages the client takes at a time.</param>
    /// <param name="expiry">How long the session waits for the client once it is gone.</param>
    public SessionConnected Connect(int receiveMaximum, TimeSpan expiry, SessionWill? will) =>
        new(Math.Min(receiveMaximum, limits.MaxInFlight), expiry, will);

    /// <param name="expiry">How long the session waits for the client; as long as the calendar goes for ever.</param>
    /// <returns>The fact, or null where the client is gone already.</returns>
    public SessionDisconnected? Disconnect(TimeSpan expiry, DateTimeOffset now)
    {
        if (!IsConnected) return null;

        // A session that ends takes its will with it: whichever comes first.
        var endsAt = Later(now, expiry);
        if (_will is null) return new SessionDisconnected(endsAt, null);

        var willAt = Later(now, _will.Delay);
        return new SessionDisconnected(endsAt, willAt < endsAt ? willAt : endsAt);
    }

    /// <returns>The fact, or null where there is no will.</returns>
    public WillDone? WithdrawWill() => _will is null ? null : new WillDone(IsPublished: false);

    /// <summary>What the passing of time has brought about and nobody has applied yet, one fact a call.</summary>
    public MqttFact? NextDue(DateTimeOffset now)
    {
        if (HasEnded || IsConnected) return null;
        if (_willAt <= now) return new WillDone(IsPublished: true);
        return _endsAt <= now ? new SessionEnded() : null;
    }

    public SessionSubscription? SubscriptionOf(string key) => _subscriptions.Find(key);

    /// <returns>The fact, or null where there is this very subscription.</returns>
    public SubscriptionSet? Subscribe(SessionSubscription subscription) =>
        _subscriptions.Find(subscription.Key) == subscription ? null : new SubscriptionSet(subscription);

    /// <returns>The fact, or null where there is no such subscription.</returns>
    public SubscriptionRemoved? Unsubscribe(string key) =>
        _subscriptions.Find(key) is null ? null : new SubscriptionRemoved(key);

    /// <inheritdoc cref="SessionSubscriptions.Match"/>
    public MqttDelivery? Match(string channel, Message message, string self) => _subscriptions.Match(channel, message, self);

    /// <summary>A message that has to arrive.</summary>
    /// <returns>The fact, or null where it is larger than all that may wait.</returns>
    public MessageQueued? Offer(MqttMessage message)
    {
        Debug.Assert(message.Delivery.Quality > Quality.AtMostOnce, "What may get lost is not kept.");
        if (message.Bytes > limits.MaxWaitingBytes || limits.MaxWaiting == 0) return null;

        var dropped = 0;
        var (count, bytes) = (WaitingCount + 1, _waitingBytes + message.Bytes);
        if (count > limits.MaxWaiting || bytes > limits.MaxWaitingBytes)
        {
            foreach (var oldest in _waiting!) // More than one waits, or this one would not be too many.
            {
                (dropped, count, bytes) = (dropped + 1, count - 1, bytes - oldest.Bytes);
                if (count <= limits.MaxWaiting && bytes <= limits.MaxWaitingBytes) break;
            }
        }

        return new MessageQueued(message, dropped);
    }

    /// <summary>What the client can be sent now, one fact a call; null for nothing.</summary>
    public MqttFact? NextToSend(DateTimeOffset now)
    {
        if (!IsConnected) return null;

        if (_again is not null && _again.TryPeek(out var again))
        {
            // Releases come first, and do not use up what the client takes at a time.
            if (again.IsReleased) return new ReleaseSentAgain(again.PacketId);
            // The history has lost it since the last process sent it.
            if (again.Message.Message is null) return new MessageCompleted(again.PacketId);
            return _quota > 0 ? new MessageSentAgain(again.PacketId) : null;
        }

        if (_waiting is null || !_waiting.TryPeek(out var next)) return null;
        if (next.ExpiresAt <= now || next.Message is null) return new MessageExpired();
        return _quota > 0 ? new MessageSent(FreePacketId()) : null;
    }

    /// <summary>PUBACK.</summary>
    /// <returns>The fact, or null where no such message waits for that.</returns>
    public MessageCompleted? Acknowledge(ushort packetId) =>
        Find(packetId) is { IsReleased: false, Message.Delivery.Quality: Quality.AtLeastOnce } ? new MessageCompleted(packetId) : null;

    /// <summary>PUBREC.</summary>
    /// <param name="isRefused">The client will not have it.</param>
    /// <returns>The fact, or null where no such message waits for that.</returns>
    public MqttFact? Receive(ushort packetId, bool isRefused)
    {
        if (Find(packetId) is not { Message.Delivery.Quality: Quality.ExactlyOnce } known) return null;
        return isRefused && !known.IsReleased ? new MessageCompleted(packetId) : new MessageReleased(packetId);
    }

    /// <summary>PUBCOMP.</summary>
    /// <returns>The fact, or null where no such message waits for that.</returns>
    public MessageCompleted? Complete(ushort packetId) =>
        Find(packetId) is { IsReleased: true } ? new MessageCompleted(packetId) : null;

    /// <summary>A message that was sent cannot be the client's: it counts as if it were.</summary>
    /// <returns>The fact, or null where there is no such message.</returns>
    public MessageCompleted? Discard(ushort packetId) => Find(packetId) is null ? null : new MessageCompleted(packetId);

    /// <summary>What came by shared subscriptions, and somebody else is to get now.</summary>
    /// <param name="includingSent">The session is at its end: nobody will acknowledge what was sent at QoS 1. What was
    /// sent at QoS 2 is lost with it, since it may have come.</param>
    /// <returns>The fact, or null where there is no such message.</returns>
    public SharedGivenBack? GiveBack(bool includingSent) =>
        SharedToGiveBack(includingSent).Any() ? new SharedGivenBack(includingSent) : null;

    /// <summary>The messages of <see cref="GiveBack"/>, in their order.</summary>
    public IEnumerable<MqttMessage> SharedToGiveBack(bool includingSent)
    {
        var sent = includingSent ? SentToGiveBack().OrderBy(entry => entry.Ticket).Select(entry => entry.Message) : [];
        return sent.Concat((_waiting ?? []).Where(message => message.Group is not null));
    }

    /// <summary>PUBLISH at QoS 2.</summary>
    /// <param name="fact">Null where it has come before, or there are too many.</param>
    /// <returns>False where the client has begun more than allowed.</returns>
    public bool TryBegin(ushort packetId, string channel, out PublishBegun? fact)
    {
        var isKnown = _begun?.ContainsKey(packetId) is true;
        var hasRoom = isKnown || (_begun?.Count ?? 0) < limits.MaxBegun;
        fact = isKnown || !hasRoom ? null : new PublishBegun(packetId, channel, _lastPublish + 1);
        return hasRoom;
    }

    /// <summary>The publish that was begun with this number; null for none.</summary>
    public BegunPublish? BegunOf(ushort packetId) =>
        _begun is not null && _begun.TryGetValue(packetId, out var begun) ? begun : null;

    /// <summary>The channel has taken it.</summary>
    /// <returns>The fact, or null where no such publish waits for that.</returns>
    public PublishTaken? Take(ushort packetId) => BegunOf(packetId) is { IsTaken: false } ? new PublishTaken(packetId) : null;

    /// <summary>PUBREL, or our refusal.</summary>
    /// <returns>The fact, or null where no such message was begun.</returns>
    public PublishEnded? End(ushort packetId) => BegunOf(packetId) is null ? null : new PublishEnded(packetId);

    /// <summary>The message that was sent with this number; null for none.</summary>
    public MqttMessage? InFlightOf(ushort packetId) => Find(packetId)?.Message;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan span) =>
        span < DateTimeOffset.MaxValue - time ? time + span : DateTimeOffset.MaxValue;

    private IEnumerable<MqttInFlight> SentToGiveBack() =>
        (_inFlight?.Values ?? Enumerable.Empty<MqttInFlight>()).Where(
            entry => entry.Message is { Group: not null, Delivery.Quality: Quality.AtLeastOnce });

    private MqttInFlight? Find(ushort packetId) => _inFlight?.GetValueOrDefault(packetId);

    private ushort FreePacketId()
    {
        var id = _lastPacketId;
        do
        {
            id = id == ushort.MaxValue ? (ushort)1 : (ushort)(id + 1);
        }
        while (_inFlight?.ContainsKey(id) is true);

        return id;
    }
}
