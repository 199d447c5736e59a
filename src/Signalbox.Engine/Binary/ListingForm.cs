using Signalbox.Core.Refusals;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of enumerations, and of an answer that is a refusal and no more.</summary>
internal static class ListingForm
{
    /// <returns>Null where the value is nothing of these.</returns>
    public static BinaryTag? TryWrite(RecordWriter writer, object value)
    {
        switch (value)
        {
            case ListRequest request:
                writer.Text(request.Prefix);
                writer.Number(request.Limit);
                writer.OptionalText(request.After);
                return BinaryTag.ListRequest;

            case Page<string> page:
                PartForm.WriteList(writer, page.Entries, static (writer, name) => writer.Text(name));
                writer.OptionalText(page.Next);
                return BinaryTag.NamePage;

            case Page<ChannelEntry> page:
                PartForm.WriteList(writer, page.Entries, Write);
                writer.OptionalText(page.Next);
                return BinaryTag.ChannelPage;

            case Page<QueueEntry> page:
                PartForm.WriteList(writer, page.Entries, Write);
                writer.OptionalText(page.Next);
                return BinaryTag.QueuePage;

            case Page<RetainedEntry> page:
                PartForm.WriteList(writer, page.Entries, Write);
                writer.OptionalText(page.Next);
                return BinaryTag.RetainedPage;

            case Refusal refusal:
                PartForm.Write(writer, refusal);
                return BinaryTag.Refusal;

            default:
                return null;
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.ListRequest => ReadRequest(ref reader),
        BinaryTag.NamePage => new Page<string>(PartForm.ReadList(ref reader, ReadText), reader.OptionalText()),
        BinaryTag.ChannelPage => new Page<ChannelEntry>(
            PartForm.ReadList(ref reader, ReadChannel), reader.OptionalText()),
        BinaryTag.QueuePage => new Page<QueueEntry>(PartForm.ReadList(ref reader, ReadQueue), reader.OptionalText()),
        BinaryTag.RetainedPage => new Page<RetainedEntry>(
            PartForm.ReadList(ref reader, ReadRetained), reader.OptionalText()),
        BinaryTag.Refusal => PartForm.ReadRefusal(ref reader),
        _ => null,
    };

    private static ListRequest ReadRequest(ref RecordReader reader)
    {
        var prefix = reader.Text();
        var limit = reader.Int();
        return new ListRequest(prefix, reader.OptionalText(), limit);
    }

    private static void Write(RecordWriter writer, ChannelEntry entry)
    {
        var start = writer.Begin();
        writer.Text(entry.Name);
        PartForm.WriteList(writer, entry.Peers, static (writer, peer) => writer.Text(peer));
        writer.End(start);
    }

    private static ChannelEntry ReadChannel(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var entry = new ChannelEntry(reader.Text(), PartForm.ReadList(ref reader, ReadText));
        reader.End(outer);
        return entry;
    }

    private static void Write(RecordWriter writer, QueueEntry entry)
    {
        var start = writer.Begin();
        writer.Text(entry.Name);
        QueueForm.Write(writer, entry.Counts);
        writer.End(start);
    }

    private static QueueEntry ReadQueue(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var entry = new QueueEntry(reader.Text(), QueueForm.ReadCounts(ref reader));
        reader.End(outer);
        return entry;
    }

    private static void Write(RecordWriter writer, RetainedEntry entry)
    {
        var start = writer.Begin();
        writer.Text(entry.Channel);
        PartForm.Write(writer, entry.Message);
        writer.End(start);
    }

    private static RetainedEntry ReadRetained(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var entry = new RetainedEntry(reader.Text(), PartForm.ReadMessage(ref reader));
        reader.End(outer);
        return entry;
    }

    private static string ReadText(ref RecordReader reader) => reader.Text();
}
