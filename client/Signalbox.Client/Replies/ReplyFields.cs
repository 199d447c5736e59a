using System.Text;

namespace Signalbox.Client;

/// <summary>Between a field of a reply and its name on the wire.</summary>
internal static class ReplyFields
{
    public static readonly int Count = Enum.GetValues<ReplyField>().Length;

    // By length first: what is left are a few comparisons, cheaper than hashing the name.
    private static readonly (byte[] Name, ReplyField Field)[][] ByLength = GroupByLength();

    public static ReplyField Find(ReadOnlySpan<byte> name)
    {
        if (name.Length >= ByLength.Length) return ReplyField.None;

        foreach (var (known, field) in ByLength[name.Length])
        {
            if (name.SequenceEqual(known)) return field;
        }

        return ReplyField.None;
    }

    /// <summary>The wire's names are those of the enumeration with a small first letter.</summary>
    public static string NameOf(ReplyField field)
    {
        var name = field.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static (byte[] Name, ReplyField Field)[][] GroupByLength()
    {
        var all = Enum.GetValues<ReplyField>()
            .Where(field => field != ReplyField.None)
            .Select(field => (Name: Encoding.UTF8.GetBytes(NameOf(field)), Field: field))
            .ToArray();
        var groups = new (byte[], ReplyField)[all.Max(one => one.Name.Length) + 1][];
        for (var length = 0; length < groups.Length; length++)
        {
            groups[length] = [.. all.Where(one => one.Name.Length == length)];
        }

        return groups;
    }
}
