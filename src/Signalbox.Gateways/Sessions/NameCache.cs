using System.Text;
using Signalbox.Core.Names;

namespace Signalbox.Gateways.Sessions;

/// <summary>Names that were seen lately, so that the same bytes give the same string without a check or a copy.</summary>
/// <remarks>
/// A table of fixed size in which a newer name takes an older one's place. Threads may race: an entry is immutable and
/// is swapped in whole, so the worst is that a name is made twice.
/// </remarks>
internal sealed class NameCache
{
    private const int Size = 4096;

    private readonly Entry?[] _entries = new Entry?[Size];

    /// <returns>The name, or null where these bytes are none.</returns>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > Name.MaxBytes) return null;

        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var place = ref _entries[(uint)hash.ToHashCode() % Size];
        if (Volatile.Read(ref place) is { } entry && utf8.SequenceEqual(entry.Utf8)) return entry.Text;

        var text = Encoding.UTF8.GetString(utf8);
        if (!Name.IsValid(text)) return null;

        Volatile.Write(ref place, new Entry(utf8.ToArray(), text));
        return text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
