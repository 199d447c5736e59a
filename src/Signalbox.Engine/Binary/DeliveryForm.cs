using System.Diagnostics;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what goes to nodes.</summary>
internal static class DeliveryForm
{
    public static BinaryTag Write(RecordWriter writer, Delivery delivery)
    {
        switch (delivery)
        {
            case MessageDelivery message:
                writer.Text(message.Channel);
                writer.Text(message.Epoch);
                PartForm.Write(writer, message.Message);
                return BinaryTag.MessageDelivery;

            case PresenceDelivery presence:
                writer.Text(presence.Channel);
                PartForm.Write(writer, presence.Member);
                writer.Flag(presence.Joined);
                writer.Time(presence.Time);
                return BinaryTag.PresenceDelivery;

            case BroadcastDelivery broadcast:
                PartForm.Write(writer, broadcast.Payload);
                PartForm.Write(writer, broadcast.Headers);
                writer.Text(broadcast.Source);
                writer.OptionalText(broadcast.Except);
                return BinaryTag.BroadcastDelivery;

            default:
                throw new UnreachableException($"{delivery.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.MessageDelivery => new MessageDelivery(
            reader.Text(), reader.Text(), PartForm.ReadMessage(ref reader)),
        BinaryTag.PresenceDelivery => new PresenceDelivery(
            reader.Text(), PartForm.ReadMember(ref reader), reader.Flag(), reader.Time()),
        BinaryTag.BroadcastDelivery => new BroadcastDelivery(
            PartForm.ReadPayload(ref reader),
            PartForm.ReadHeaders(ref reader),
            reader.Text(),
            reader.OptionalText()),
        _ => null,
    };
}
