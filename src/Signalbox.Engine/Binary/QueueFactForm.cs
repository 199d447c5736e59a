using System.Diagnostics;
using Signalbox.Core.Queues;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to queues.</summary>
internal static class QueueFactForm
{
    public static BinaryTag Write(RecordWriter writer, QueueFact fact)
    {
        switch (fact)
        {
            case ItemAdded added:
                writer.Number(added.Id);
                writer.Number(added.Priority);
                writer.Time(added.AddedAt);
                writer.Time(added.VisibleAt);
                PartForm.Write(writer, added.Payload);
                PartForm.Write(writer, added.Headers);
                writer.OptionalTime(added.ExpiresAt);
                writer.OptionalText(added.DedupeId);
                writer.OptionalTime(added.RememberUntil == default ? null : added.RememberUntil);
                return BinaryTag.ItemAdded;

            case ItemTaken taken:
                writer.Number(taken.Id);
                writer.Number(taken.Lease);
                writer.Number(taken.Attempts);
                writer.Time(taken.Until);
                return BinaryTag.ItemTaken;

            case LeaseExtended extended:
                writer.Number(extended.Id);
                writer.Time(extended.Until);
                return BinaryTag.LeaseExtended;

            case ItemReturned returned:
                writer.Number(returned.Id);
                writer.Number(returned.Attempts);
                writer.OptionalTime(returned.VisibleAt);
                return BinaryTag.ItemReturned;

            case ItemBuried buried:
                writer.Number(buried.Id);
                return BinaryTag.ItemBuried;

            case ItemRemoved removed:
                writer.Number(removed.Id);
                writer.Byte((byte)removed.Reason);
                return BinaryTag.ItemRemoved;

            case QueueCleared cleared:
                writer.Byte((byte)cleared.Part);
                return BinaryTag.QueueCleared;

            case DedupeIdsForgotten forgotten:
                writer.Time(forgotten.Now);
                return BinaryTag.DedupeIdsForgotten;

            case QueueRestored restored:
                writer.Number(restored.LastId);
                return BinaryTag.QueueRestored;

            case ItemKept kept:
                PartForm.Write(writer, kept.Item);
                writer.Byte((byte)kept.Part);
                writer.Byte((byte)kept.State);
                writer.Number(kept.Lease);
                writer.Flag(kept.CountsAttempt);
                writer.OptionalTime(kept.WakeAt);
                return BinaryTag.ItemKept;

            case DedupeIdKept kept:
                writer.Text(kept.DedupeId);
                writer.Number(kept.Item);
                writer.Time(kept.Until);
                return BinaryTag.DedupeIdKept;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.ItemAdded => ReadAdded(ref reader),
        BinaryTag.ItemTaken => new ItemTaken(reader.Number(), reader.Int(), reader.Int(), reader.Time()),
        BinaryTag.LeaseExtended => new LeaseExtended(reader.Number(), reader.Time()),
        BinaryTag.ItemReturned => new ItemReturned(reader.Number(), reader.Int(), reader.OptionalTime()),
        BinaryTag.ItemBuried => new ItemBuried(reader.Number()),
        BinaryTag.ItemRemoved => new ItemRemoved(
            reader.Number(), (RemovalReason)reader.Choice((byte)RemovalReason.Expired)),
        BinaryTag.QueueCleared => new QueueCleared(ReadPart(ref reader)),
        BinaryTag.DedupeIdsForgotten => new DedupeIdsForgotten(reader.Time()),
        BinaryTag.QueueRestored => new QueueRestored(reader.Number()),
        BinaryTag.ItemKept => ReadKept(ref reader),
        BinaryTag.DedupeIdKept => new DedupeIdKept(reader.Text(), reader.Number(), reader.Time()),
        _ => null,
    };

    public static QueuePart ReadPart(ref RecordReader reader) => (QueuePart)reader.Choice((byte)QueuePart.Dead);

    private static ItemAdded ReadAdded(ref RecordReader reader)
    {
        var id = reader.Number();
        var priority = reader.Int();
        var addedAt = reader.Time();
        var visibleAt = reader.Time();
        var payload = PartForm.ReadPayload(ref reader);
        var headers = PartForm.ReadHeaders(ref reader);
        var expiresAt = reader.OptionalTime();
        var dedupeId = reader.OptionalText();
        var rememberUntil = reader.OptionalTime() ?? default;
        return new ItemAdded(id, priority, addedAt, visibleAt, expiresAt, payload, headers, dedupeId, rememberUntil);
    }

    private static ItemKept ReadKept(ref RecordReader reader)
    {
        var item = PartForm.ReadItem(ref reader);
        var part = ReadPart(ref reader);
        var state = (ItemState)reader.Choice((byte)ItemState.Leased);
        var lease = reader.Int();
        var countsAttempt = reader.Flag();
        var wakeAt = reader.OptionalTime();
        return new ItemKept(item, part, state, wakeAt, lease, countsAttempt);
    }
}
