using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what is said to channels, and of their answers.</summary>
internal static class ChannelForm
{
    /// <returns>Null where the value is nothing of these.</returns>
    public static BinaryTag? TryWrite(RecordWriter writer, object value)
    {
        switch (value)
        {
            case PublishRequest request:
                WritePublish(writer, request);
                return BinaryTag.PublishRequest;

            case PublishAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Number(answer.Offset);
                writer.Number(answer.Handed);
                writer.Flag(answer.KeepsHistory);
                return BinaryTag.PublishAnswer;

            case Attachment attachment:
                writer.Text(attachment.Node);
                writer.Number(attachment.Ticket);
                return BinaryTag.Attachment;

            case EnterRequest request:
                WriteEnter(writer, request);
                return BinaryTag.EnterRequest;

            case EnterAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                PartForm.Write(writer, answer.Position);
                writer.Number(answer.First);
                writer.Flag(answer.Recovered);
                PartForm.WriteList(writer, answer.Messages, PartForm.Write);
                PartForm.WriteOptional(writer, answer.Retained, PartForm.Write);
                return BinaryTag.EnterAnswer;

            case HistoryRequest request:
                writer.Number(request.Since);
                writer.Number(request.Limit);
                writer.Flag(request.Reverse);
                return BinaryTag.HistoryRequest;

            case HistoryRead read:
                PartForm.Write(writer, read.Position);
                writer.Number(read.First);
                PartForm.WriteList(writer, read.Messages, PartForm.Write);
                writer.Flag(read.IsComplete);
                return BinaryTag.HistoryRead;

            case PresenceAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                PartForm.WriteList(writer, answer.Members, PartForm.Write);
                return BinaryTag.PresenceAnswer;

            case Member member:
                PartForm.Write(writer, member);
                return BinaryTag.Member;

            case Message message:
                PartForm.Write(writer, message);
                return BinaryTag.Message;

            case ChannelPosition position:
                PartForm.Write(writer, position);
                return BinaryTag.ChannelPosition;

            default:
                return null;
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.PublishRequest => ReadPublish(ref reader),
        BinaryTag.PublishAnswer => new PublishAnswer(
            PartForm.ReadRefusal(ref reader), reader.Number(), reader.Int(), reader.Flag()),
        BinaryTag.Attachment => new Attachment(reader.Text(), reader.Number()),
        BinaryTag.EnterRequest => new EnterRequest(
            PartForm.ReadOptional(ref reader, PartForm.ReadMember),
            reader.IsPresent() ? PartForm.ReadPosition(ref reader) : null),
        BinaryTag.EnterAnswer => new EnterAnswer(
            PartForm.ReadRefusal(ref reader),
            PartForm.ReadPosition(ref reader),
            reader.Number(),
            reader.Flag(),
            PartForm.ReadList(ref reader, PartForm.ReadMessage),
            PartForm.ReadOptional(ref reader, PartForm.ReadMessage)),
        BinaryTag.HistoryRequest => new HistoryRequest(reader.Number(), reader.Int(), reader.Flag()),
        BinaryTag.HistoryRead => new HistoryRead(
            PartForm.ReadPosition(ref reader),
            reader.Number(),
            PartForm.ReadList(ref reader, PartForm.ReadMessage),
            reader.Flag()),
        BinaryTag.PresenceAnswer => new PresenceAnswer(
            PartForm.ReadRefusal(ref reader), PartForm.ReadList(ref reader, PartForm.ReadMember)),
        BinaryTag.Member => PartForm.ReadMember(ref reader),
        BinaryTag.Message => PartForm.ReadMessage(ref reader),
        BinaryTag.ChannelPosition => PartForm.ReadPosition(ref reader),
        _ => null,
    };

    private static void WritePublish(RecordWriter writer, PublishRequest request)
    {
        PartForm.Write(writer, request.Payload);
        PartForm.Write(writer, request.Headers);
        writer.Text(request.Source);
        writer.Flag(request.Retain);
        writer.OptionalText(request.Sender);
        writer.OptionalText(request.Id);
        PartForm.WriteQuality(writer, request.Headers);
    }

    private static void WriteEnter(RecordWriter writer, EnterRequest request)
    {
        PartForm.WriteOptional(writer, request.Member, PartForm.Write);
        if (request.From is not { } from) return;

        writer.Present();
        PartForm.Write(writer, from);
    }

    private static PublishRequest ReadPublish(ref RecordReader reader)
    {
        var payload = PartForm.ReadPayload(ref reader);
        var headers = PartForm.ReadHeaders(ref reader);
        var source = reader.Text();
        var retain = reader.Flag();
        var sender = reader.OptionalText();
        var id = reader.OptionalText();
        headers = headers.With(PartForm.ReadQuality(ref reader));
        return new PublishRequest(payload, headers, source, sender, retain, id);
    }
}
