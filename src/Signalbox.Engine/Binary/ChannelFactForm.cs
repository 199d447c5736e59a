using System.Diagnostics;
using Signalbox.Core.Channels;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to channels.</summary>
internal static class ChannelFactForm
{
    public static BinaryTag Write(RecordWriter writer, ChannelFact fact)
    {
        switch (fact)
        {
            case MessagePublished published:
                PartForm.Write(writer, published.Message);
                writer.OptionalText(published.Id);
                writer.OptionalTime(published.RememberUntil == default ? null : published.RememberUntil);
                return BinaryTag.MessagePublished;

            case ChannelOpened opened:
                writer.Text(opened.Epoch);
                return BinaryTag.ChannelOpened;

            case ChannelRestored restored:
                writer.Text(restored.Epoch);
                writer.Number(restored.LastOffset);
                PartForm.WriteOptional(writer, restored.Retained, PartForm.Write);
                return BinaryTag.ChannelRestored;

            case PublishIdRemembered remembered:
                writer.Text(remembered.Id);
                writer.Number(remembered.Offset);
                writer.Time(remembered.Until);
                return BinaryTag.PublishIdRemembered;

            case HistoryExpired expired:
                writer.Number(expired.UpTo);
                return BinaryTag.HistoryExpired;

            case RetainedCleared:
                return BinaryTag.RetainedCleared;

            case PublishIdsForgotten forgotten:
                writer.Time(forgotten.Now);
                return BinaryTag.PublishIdsForgotten;

            case PublishIdForgotten forgotten:
                writer.Text(forgotten.Id);
                return BinaryTag.PublishIdForgotten;

            case MemberJoined joined:
                PartForm.Write(writer, joined.Member);
                return BinaryTag.MemberJoined;

            case MemberLeft left:
                writer.Text(left.Id);
                writer.Byte((byte)left.Reason);
                return BinaryTag.MemberLeft;

            case NodeRenewed renewed:
                writer.Text(renewed.Node);
                writer.Time(renewed.Until);
                return BinaryTag.NodeRenewed;

            case NodeLost lost:
                writer.Text(lost.Node);
                return BinaryTag.NodeLost;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.MessagePublished => new MessagePublished(
            PartForm.ReadMessage(ref reader), reader.OptionalText(), reader.OptionalTime() ?? default),
        BinaryTag.ChannelOpened => new ChannelOpened(reader.Text()),
        BinaryTag.ChannelRestored => new ChannelRestored(
            reader.Text(), reader.Number(), PartForm.ReadOptional(ref reader, PartForm.ReadMessage)),
        BinaryTag.PublishIdRemembered => new PublishIdRemembered(reader.Text(), reader.Number(), reader.Time()),
        BinaryTag.HistoryExpired => new HistoryExpired(reader.Number()),
        BinaryTag.RetainedCleared => new RetainedCleared(),
        BinaryTag.PublishIdsForgotten => new PublishIdsForgotten(reader.Time()),
        BinaryTag.PublishIdForgotten => new PublishIdForgotten(reader.Text()),
        BinaryTag.MemberJoined => new MemberJoined(PartForm.ReadMember(ref reader)),
        BinaryTag.MemberLeft => new MemberLeft(reader.Text(), (LeaveReason)reader.Choice((byte)LeaveReason.Expired)),
        BinaryTag.NodeRenewed => new NodeRenewed(reader.Text(), reader.Time()),
        BinaryTag.NodeLost => new NodeLost(reader.Text()),
        _ => null,
    };
}
