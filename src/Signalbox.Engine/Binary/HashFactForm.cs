using System.Diagnostics;
using Signalbox.Core.Hashes;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to hash keys.</summary>
internal static class HashFactForm
{
    public static BinaryTag Write(RecordWriter writer, HashFact fact)
    {
        switch (fact)
        {
            case KeySet set:
                PartForm.Write(writer, set.Value);
                writer.Number(set.Version);
                writer.OptionalTime(set.ExpiresAt);
                writer.OptionalText(set.Id);
                writer.OptionalTime(set.RememberUntil == default ? null : set.RememberUntil);
                return BinaryTag.KeySet;

            case KeyRemoved removed:
                writer.Number(removed.Version);
                writer.Byte((byte)removed.Reason);
                return BinaryTag.KeyRemoved;

            case KeyIdsForgotten forgotten:
                writer.Time(forgotten.Now);
                return BinaryTag.KeyIdsForgotten;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.KeySet => new KeySet(
            PartForm.ReadPayload(ref reader),
            reader.Number(),
            reader.OptionalTime(),
            reader.OptionalText(),
            reader.OptionalTime() ?? default),
        BinaryTag.KeyRemoved => new KeyRemoved(
            reader.Number(), (KeyRemovalReason)reader.Choice((byte)KeyRemovalReason.Expired)),
        BinaryTag.KeyIdsForgotten => new KeyIdsForgotten(reader.Time()),
        _ => null,
    };
}
