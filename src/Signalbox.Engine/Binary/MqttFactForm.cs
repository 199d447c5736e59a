using System.Diagnostics;
using Signalbox.Core.Mqtt;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to sessions of MQTT.</summary>
internal static class MqttFactForm
{
    public static BinaryTag Write(RecordWriter writer, MqttFact fact)
    {
        switch (fact)
        {
            case MessageQueued queued:
                MqttPartForm.Write(writer, queued.Message);
                writer.Number(queued.Dropped);
                return BinaryTag.MessageQueued;

            case MessageSent sent:
                writer.Number(sent.PacketId);
                return BinaryTag.MessageSent;

            case MessageCompleted completed:
                writer.Number(completed.PacketId);
                return BinaryTag.MessageCompleted;

            case MessageReleased released:
                writer.Number(released.PacketId);
                return BinaryTag.MessageReleased;

            case MessageExpired:
                return BinaryTag.MessageExpired;

            case MessageSentAgain again:
                writer.Number(again.PacketId);
                return BinaryTag.MessageSentAgain;

            case ReleaseSentAgain again:
                writer.Number(again.PacketId);
                return BinaryTag.ReleaseSentAgain;

            case MessageKept kept:
                writer.Number(kept.PacketId);
                writer.Flag(kept.IsReleased);
                MqttPartForm.Write(writer, kept.Message);
                return BinaryTag.MessageKept;

            case PublishBegun begun:
                writer.Number(begun.PacketId);
                writer.Text(begun.Channel);
                writer.Number(begun.Number);
                return BinaryTag.PublishBegun;

            case PublishTaken taken:
                writer.Number(taken.PacketId);
                return BinaryTag.PublishTaken;

            case PublishEnded ended:
                writer.Number(ended.PacketId);
                return BinaryTag.PublishEnded;

            default:
                return WriteRare(writer, fact);
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.SessionOpened => ReadOpened(ref reader),
        BinaryTag.SessionConnected => new SessionConnected(
            reader.Int(), reader.Span(), PartForm.ReadOptional(ref reader, MqttPartForm.ReadWill)),
        BinaryTag.SessionDisconnected => new SessionDisconnected(reader.Time(), reader.OptionalTime()),
        BinaryTag.SessionEnded => new SessionEnded(),
        BinaryTag.WillDone => new WillDone(reader.Flag()),
        BinaryTag.SubscriptionSet => new SubscriptionSet(MqttPartForm.ReadSubscription(ref reader)),
        BinaryTag.SubscriptionRemoved => new SubscriptionRemoved(reader.Text()),
        BinaryTag.ReadTo => new ReadTo(reader.Text(), PartForm.ReadPosition(ref reader)),
        BinaryTag.MessageQueued => new MessageQueued(MqttPartForm.ReadMqttMessage(ref reader), reader.Int()),
        BinaryTag.MessageExpired => new MessageExpired(),
        BinaryTag.MessageSent => new MessageSent(PacketId(ref reader)),
        BinaryTag.MessageSentAgain => new MessageSentAgain(PacketId(ref reader)),
        BinaryTag.MessageReleased => new MessageReleased(PacketId(ref reader)),
        BinaryTag.ReleaseSentAgain => new ReleaseSentAgain(PacketId(ref reader)),
        BinaryTag.MessageCompleted => new MessageCompleted(PacketId(ref reader)),
        BinaryTag.MessageKept => ReadKept(ref reader),
        BinaryTag.SharedGivenBack => new SharedGivenBack(reader.Flag()),
        BinaryTag.PublishBegun => new PublishBegun(PacketId(ref reader), reader.Text(), reader.Number()),
        BinaryTag.PublishTaken => new PublishTaken(PacketId(ref reader)),
        BinaryTag.PublishEnded => new PublishEnded(PacketId(ref reader)),
        _ => null,
    };

    private static BinaryTag WriteRare(RecordWriter writer, MqttFact fact)
    {
        switch (fact)
        {
            case SessionOpened opened:
                writer.Text(opened.Id);
                writer.Text(opened.Name);
                writer.Text(opened.Peer);
                writer.Number(opened.LastPacketId);
                writer.Number(opened.LastPublish);
                writer.OptionalText(opened.Owner);
                return BinaryTag.SessionOpened;

            case SessionConnected connected:
                writer.Number(connected.ReceiveMaximum);
                writer.Span(connected.Expiry);
                PartForm.WriteOptional(writer, connected.Will, MqttPartForm.Write);
                return BinaryTag.SessionConnected;

            case SessionDisconnected disconnected:
                writer.Time(disconnected.EndsAt);
                writer.OptionalTime(disconnected.WillAt);
                return BinaryTag.SessionDisconnected;

            case SessionEnded:
                return BinaryTag.SessionEnded;

            case WillDone done:
                writer.Flag(done.IsPublished);
                return BinaryTag.WillDone;

            case SubscriptionSet set:
                MqttPartForm.Write(writer, set.Subscription);
                return BinaryTag.SubscriptionSet;

            case SubscriptionRemoved removed:
                writer.Text(removed.Key);
                return BinaryTag.SubscriptionRemoved;

            case ReadTo read:
                writer.Text(read.Channel);
                PartForm.Write(writer, read.Position);
                return BinaryTag.ReadTo;

            case SharedGivenBack given:
                writer.Flag(given.IncludingSent);
                return BinaryTag.SharedGivenBack;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    // Any bytes may come: what is no packet identifier reads as another one, and is found not to fit.
    private static ushort PacketId(ref RecordReader reader) => (ushort)reader.Number();

    private static SessionOpened ReadOpened(ref RecordReader reader)
    {
        var id = reader.Text();
        var name = reader.Text();
        var peer = reader.Text();
        var lastPacketId = PacketId(ref reader);
        var lastPublish = reader.Number();
        return new SessionOpened(id, reader.OptionalText(), name, peer, lastPacketId, lastPublish);
    }

    private static MessageKept ReadKept(ref RecordReader reader)
    {
        var packetId = PacketId(ref reader);
        var isReleased = reader.Flag();
        return new MessageKept(packetId, MqttPartForm.ReadMqttMessage(ref reader), isReleased);
    }
}
