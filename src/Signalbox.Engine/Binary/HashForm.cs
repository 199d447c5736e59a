using Signalbox.Core.Hashes;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what is said to hash keys, and of their answers.</summary>
internal static class HashForm
{
    /// <returns>Null where the value is nothing of these.</returns>
    public static BinaryTag? TryWrite(RecordWriter writer, object value)
    {
        switch (value)
        {
            case SetRequest request:
                PartForm.Write(writer, request.Value);
                Write(writer, request.Condition);
                writer.OptionalTime(request.ExpiresAt);
                writer.OptionalSpan(request.Ttl);
                writer.OptionalText(request.Id);
                return BinaryTag.SetRequest;

            case SetAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Number(answer.Version);
                return BinaryTag.SetAnswer;

            case SetCondition condition:
                Write(writer, condition);
                return BinaryTag.SetCondition;

            case HashValue held:
                PartForm.Write(writer, held.Value);
                writer.Number(held.Version);
                writer.OptionalTime(held.ExpiresAt);
                return BinaryTag.HashValue;

            case DeleteAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Flag(answer.Existed);
                return BinaryTag.DeleteAnswer;

            case IncrementRequest request:
                writer.Number(request.By);
                writer.OptionalSpan(request.Ttl);
                writer.OptionalText(request.Id);
                return BinaryTag.IncrementRequest;

            case IncrementAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                writer.Number(answer.Sum);
                writer.Number(answer.Version);
                return BinaryTag.IncrementAnswer;

            default:
                return null;
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.SetRequest => ReadSet(ref reader),
        BinaryTag.SetAnswer => new SetAnswer(PartForm.ReadRefusal(ref reader), reader.Number()),
        BinaryTag.SetCondition => ReadCondition(ref reader),
        BinaryTag.HashValue => new HashValue(
            PartForm.ReadPayload(ref reader), reader.Number(), reader.OptionalTime()),
        BinaryTag.DeleteAnswer => new DeleteAnswer(PartForm.ReadRefusal(ref reader), reader.Flag()),
        BinaryTag.IncrementRequest => new IncrementRequest(
            reader.Number(), reader.OptionalSpan(), reader.OptionalText()),
        BinaryTag.IncrementAnswer => new IncrementAnswer(
            PartForm.ReadRefusal(ref reader), reader.Number(), reader.Number()),
        _ => null,
    };

    private static void Write(RecordWriter writer, SetCondition condition)
    {
        writer.Byte((byte)condition.Kind);
        writer.Number(condition.Version);
    }

    private static SetCondition ReadCondition(ref RecordReader reader) =>
        new((SetConditionKind)reader.Choice((byte)SetConditionKind.AtVersion), reader.Number());

    private static SetRequest ReadSet(ref RecordReader reader)
    {
        var value = PartForm.ReadPayload(ref reader);
        var condition = ReadCondition(ref reader);
        var expiresAt = reader.OptionalTime();
        var ttl = reader.OptionalSpan();
        var id = reader.OptionalText();
        return new SetRequest(value, expiresAt, ttl, condition, id);
    }
}
