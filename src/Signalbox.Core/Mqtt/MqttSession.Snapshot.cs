namespace Signalbox.Core.Mqtt;

// What a log tells of a session again, and what it may tell at all.
public sealed partial class MqttSession
{
    /// <summary>The facts that make an equal machine of a new one, but for what goes on in a connection.</summary>
    /// <remarks>Read it to the end before the next fact is applied.</remarks>
    public IEnumerable<MqttFact> Snapshot()
    {
        if (Id.Length == 0 || HasEnded) yield break;

        yield return new SessionOpened(Id, Owner, Name, Peer, _lastPacketId, _lastPublish);
        foreach (var subscription in _subscriptions.All) yield return new SubscriptionSet(subscription);
        foreach (var entry in (_inFlight?.Values ?? Enumerable.Empty<MqttInFlight>()).OrderBy(entry => entry.Ticket))
        {
            yield return new MessageKept(entry.PacketId, entry.Message.ToKeep(), entry.IsReleased);
        }

        foreach (var message in _waiting ?? []) yield return new MessageQueued(message.ToKeep(), Dropped: 0);
        // Behind what waits, which would say it anew.
        foreach (var (channel, position) in _readTo ?? []) yield return new ReadTo(channel, position);
        foreach (var (packetId, begun) in (_begun ?? []).OrderBy(entry => entry.Value.Number))
        {
            yield return new PublishBegun(packetId, begun.Channel, begun.Number);
            if (begun.IsTaken) yield return new PublishTaken(packetId);
        }

        if (IsConnected || _endsAt is not null) yield return new SessionConnected(_quota, Expiry, _will);
        if (!IsConnected && _endsAt is { } endsAt) yield return new SessionDisconnected(endsAt, _willAt);
    }

    /// <summary>Whether this can have happened to the session as it is: a damaged log may say anything.</summary>
    public bool CanBe(MqttFact fact) => !HasEnded && fact switch
    {
        SessionOpened => true,
        _ when Id.Length == 0 => false,
        MessageQueued queued => queued.Dropped >= 0 && queued.Dropped <= WaitingCount,
        MessageSent sent => WaitingCount > 0 && Find(sent.PacketId) is null,
        MessageExpired => WaitingCount > 0,
        MessageKept kept => Find(kept.PacketId) is null,
        MessageReleased released => Find(released.PacketId) is not null,
        MessageCompleted completed => Find(completed.PacketId) is not null,
        MessageSentAgain or ReleaseSentAgain => false,
        PublishBegun begun => BegunOf(begun.PacketId) is null,
        PublishTaken taken => BegunOf(taken.PacketId) is not null,
        PublishEnded ended => BegunOf(ended.PacketId) is not null,
        _ => true,
    };
}
