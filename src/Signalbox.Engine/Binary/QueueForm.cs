using Signalbox.Core.Queues;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what is said to queues, and of their answers.</summary>
internal static class QueueForm
{
    /// <returns>Null where the value is nothing of these.</returns>
    public static BinaryTag? TryWrite(RecordWriter writer, object value)
    {
        switch (value)
        {
            case PushRequest request:
                PartForm.Write(writer, request.Payload);
                PartForm.Write(writer, request.Headers);
                writer.Number(request.Priority);
                writer.Span(request.Delay);
                writer.OptionalSpan(request.Ttl);
                writer.OptionalText(request.Id);
                return BinaryTag.PushRequest;

            case PushAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Number(answer.ItemId);
                return BinaryTag.PushAnswer;

            case PopRequest request:
                writer.OptionalSpan(request.Lease);
                writer.OptionalSpan(request.Wait);
                return BinaryTag.PopRequest;

            case PopAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                PartForm.Write(writer, answer.Receipt);
                writer.Time(answer.Until);
                PartForm.WriteOptional(writer, answer.Item, PartForm.Write);
                return BinaryTag.PopAnswer;

            case Receipt receipt:
                PartForm.Write(writer, receipt);
                return BinaryTag.Receipt;

            case ReturnRequest request:
                PartForm.Write(writer, request.Receipt);
                writer.Span(request.Delay);
                writer.Flag(request.CountAttempt);
                return BinaryTag.ReturnRequest;

            case QueueCounts counts:
                Write(writer, counts);
                return BinaryTag.QueueCounts;

            case QueuePart part:
                writer.Byte((byte)part);
                return BinaryTag.QueuePart;

            case ClearAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Number(answer.Count);
                return BinaryTag.ClearAnswer;

            default:
                return TryWriteItems(writer, value);
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.PushRequest => ReadPush(ref reader),
        BinaryTag.PushAnswer => new PushAnswer(PartForm.ReadRefusal(ref reader), reader.Number()),
        BinaryTag.PopRequest => new PopRequest(reader.OptionalSpan(), reader.OptionalSpan()),
        BinaryTag.PopAnswer => ReadPopped(ref reader),
        BinaryTag.Receipt => PartForm.ReadReceipt(ref reader),
        BinaryTag.ReturnRequest => new ReturnRequest(
            PartForm.ReadReceipt(ref reader), reader.Span(), reader.Flag()),
        BinaryTag.QueueItem => PartForm.ReadItem(ref reader),
        BinaryTag.QueueItems => PartForm.ReadList(ref reader, PartForm.ReadItem),
        BinaryTag.QueueCounts => ReadCounts(ref reader),
        BinaryTag.QueuePart => QueueFactForm.ReadPart(ref reader),
        BinaryTag.ClearAnswer => new ClearAnswer(PartForm.ReadRefusal(ref reader), reader.Number()),
        _ => null,
    };

    public static void Write(RecordWriter writer, QueueCounts counts)
    {
        writer.Number(counts.Ready);
        writer.Number(counts.Delayed);
        writer.Number(counts.Leased);
        writer.Number(counts.Dead);
    }

    public static QueueCounts ReadCounts(ref RecordReader reader) =>
        new(reader.Int(), reader.Int(), reader.Int(), reader.Int());

    private static BinaryTag? TryWriteItems(RecordWriter writer, object value)
    {
        switch (value)
        {
            case QueueItem item:
                PartForm.Write(writer, item);
                return BinaryTag.QueueItem;

            case IReadOnlyList<QueueItem> items:
                PartForm.WriteList(writer, items, PartForm.Write);
                return BinaryTag.QueueItems;

            default:
                return null;
        }
    }

    private static PushRequest ReadPush(ref RecordReader reader)
    {
        var payload = PartForm.ReadPayload(ref reader);
        var headers = PartForm.ReadHeaders(ref reader);
        var priority = reader.Int();
        var delay = reader.Span();
        var ttl = reader.OptionalSpan();
        var id = reader.OptionalText();
        return new PushRequest(payload, headers, priority, delay, ttl, id);
    }

    private static PopAnswer ReadPopped(ref RecordReader reader)
    {
        var refusal = PartForm.ReadRefusal(ref reader);
        var receipt = PartForm.ReadReceipt(ref reader);
        var until = reader.Time();
        var item = PartForm.ReadOptional(ref reader, PartForm.ReadItem);
        return new PopAnswer(refusal, item, receipt, until);
    }
}
