using System.Diagnostics;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Mqtt;

// What each fact changes; who decides it is in the other file.
public sealed partial class MqttSession
{
    public void Apply(MqttFact fact)
    {
        switch (fact)
        {
            case MessageQueued queued:
                for (var i = 0; i < queued.Dropped; i++) TakeWaiting();
                (_waiting ??= new Queue<MqttMessage>()).Enqueue(queued.Message);
                _waitingBytes += queued.Message.Bytes;
                if (queued.Message.Place is { } place && _readTo?.ContainsKey(queued.Message.Channel) is true)
                {
                    _readTo[queued.Message.Channel] = place;
                }

                break;

            case MessageSent sent:
                _lastPacketId = sent.PacketId;
                _quota--;
                Enter(sent.PacketId, TakeWaiting()).IsCounted = true;
                break;

            case MessageCompleted completed:
                Finish(_inFlight![completed.PacketId]); // There is such a message.
                break;

            case MessageReleased released:
                Release(_inFlight![released.PacketId]); // There is such a message.
                break;

            case MessageSentAgain:
                _again!.Dequeue().IsCounted = true; // It was decided of its first.
                _quota--;
                break;

            case ReleaseSentAgain:
                _again!.Dequeue(); // It was decided of its first.
                break;

            case MessageExpired:
                TakeWaiting();
                break;

            case PublishBegun begun:
                // A snapshot tells of those that are left, and of the last before them.
                _lastPublish = Math.Max(_lastPublish, begun.Number);
                (_begun ??= []).Add(begun.PacketId, new BegunPublish(begun.Channel, begun.Number, IsTaken: false));
                break;

            case PublishTaken taken:
                _begun![taken.PacketId] = _begun[taken.PacketId] with { IsTaken = true }; // It was begun.
                break;

            case PublishEnded ended:
                _begun!.Remove(ended.PacketId); // It was begun.
                break;

            default:
                ApplyRare(fact);
                break;
        }
    }

    private void ApplyRare(MqttFact fact)
    {
        switch (fact)
        {
            case SessionOpened opened:
                (Id, Owner, Name, Peer) = (opened.Id, opened.Owner, opened.Name, opened.Peer);
                (_lastPacketId, _lastPublish) = (opened.LastPacketId, opened.LastPublish);
                break;

            case SessionConnected connected:
                IsConnected = true;
                Expiry = connected.Expiry;
                (_will, _willAt, _endsAt) = (connected.Will, null, null);
                _quota = connected.ReceiveMaximum;
                BeginAgain();
                break;

            case SessionDisconnected disconnected:
                IsConnected = false;
                (_willAt, _endsAt) = (disconnected.WillAt, disconnected.EndsAt);
                _again = null;
                break;

            case SessionEnded:
                HasEnded = true;
                break;

            case WillDone:
                (_will, _willAt) = (null, null);
                break;

            case SubscriptionSet set:
                _subscriptions.Set(set.Subscription);
                // What need not arrive is not read from a history.
                if (set.Subscription.Most == Quality.AtMostOnce) _readTo?.Remove(set.Subscription.Key);
                break;

            case SubscriptionRemoved removed:
                _subscriptions.Remove(removed.Key);
                _readTo?.Remove(removed.Key);
                break;

            case ReadTo { Position.Epoch: null or "" } read:
                _readTo?.Remove(read.Channel);
                break;

            case ReadTo read:
                (_readTo ??= new(StringComparer.Ordinal))[read.Channel] = read.Position;
                break;

            case MessageKept kept:
                Enter(kept.PacketId, kept.Message).IsReleased = kept.IsReleased;
                break;

            case SharedGivenBack given:
                RemoveShared(given.IncludingSent);
                break;

            default:
                throw new UnreachableException($"A session cannot apply {fact.GetType().Name}.");
        }
    }

    private void BeginAgain()
    {
        foreach (var entry in _inFlight?.Values ?? Enumerable.Empty<MqttInFlight>()) entry.IsCounted = false;
        _again = InFlightCount == 0
            ? null
            : new Queue<MqttInFlight>(_inFlight!.Values.OrderBy(entry => !entry.IsReleased).ThenBy(entry => entry.Ticket));
    }

    private void Release(MqttInFlight entry)
    {
        if (entry.IsReleased) return;

        entry.IsReleased = true;
        entry.Ticket = ++_lastTicket;
    }

    private void Finish(MqttInFlight entry)
    {
        _inFlight!.Remove(entry.PacketId); // It is from there.
        if (_inFlight.Count == 0) _inFlight = null;
        if (entry.IsCounted) _quota++;
        // A client may know a number that it was not sent again yet.
        if (_again?.Contains(entry) is true) _again = new Queue<MqttInFlight>(_again.Where(other => other != entry));
    }

    private void RemoveShared(bool includingSent)
    {
        if (includingSent)
        {
            foreach (var entry in SentToGiveBack().ToList()) Finish(entry);
        }

        _waiting = new Queue<MqttMessage>((_waiting ?? []).Where(message => message.Group is null));
        _waitingBytes = _waiting.Sum(message => (long)message.Bytes);
    }

    private MqttInFlight Enter(ushort packetId, MqttMessage message)
    {
        var entry = new MqttInFlight(packetId, message) { Ticket = ++_lastTicket };
        (_inFlight ??= []).Add(packetId, entry);
        return entry;
    }

    private MqttMessage TakeWaiting()
    {
        var first = _waiting!.Dequeue(); // It was decided of its first.
        _waitingBytes -= first.Bytes;
        if (_waiting.Count == 0) _waiting = null;
        return first;
    }
}
