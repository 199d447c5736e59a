using System.Diagnostics;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to registers of names.</summary>
internal static class NameFactForm
{
    public static BinaryTag Write(RecordWriter writer, NameFact fact)
    {
        writer.Text(fact.Name);
        switch (fact)
        {
            case NameAdded added:
                writer.OptionalTime(added.DueAt);
                return BinaryTag.NameAdded;

            case NameRemoved removed:
                writer.OptionalTime(removed.DueAt);
                return BinaryTag.NameRemoved;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.NameAdded => new NameAdded(reader.Text(), reader.OptionalTime()),
        BinaryTag.NameRemoved => new NameRemoved(reader.Text(), reader.OptionalTime()),
        _ => null,
    };
}
