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

            case DirectDelivery direct:
                writer.Text(direct.User);
                PartForm.Write(writer, direct.Payload);
                PartForm.Write(writer, direct.Headers);
                writer.Text(direct.Source);
                return BinaryTag.DirectDelivery;

            case CutDelivery cut:
                writer.Text(cut.User);
                writer.Byte((byte)cut.Reason);
                writer.OptionalText(cut.TokenId);
                return BinaryTag.CutDelivery;

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
        BinaryTag.DirectDelivery => new DirectDelivery(
            reader.Text(), PartForm.ReadPayload(ref reader), PartForm.ReadHeaders(ref reader), reader.Text()),
        BinaryTag.CutDelivery => ReadCut(ref reader),
        _ => null,
    };

    private static CutDelivery ReadCut(ref RecordReader reader)
    {
        var user = reader.Text();
        var reason = (CutReason)reader.Choice((byte)CutReason.Revoked);
        return new CutDelivery(user, reader.OptionalText(), reason);
    }
}
