using System.Text;
using System.Text.Unicode;
using Signalbox.Core.Names;

namespace Signalbox.Gateways.Sessions;

/// <summary>Names that were seen lately, so that the same bytes give the same string without a check or a copy.</summary>
/// <remarks>
/// A table of fixed size in which a newer name takes an older one's place. Threads may race: a name is swapped in whole,
/// so the worst is that it is made twice. Bytes are compared with the text itself: it is needed next anyway, and a copy of
/// the bytes beside it would be one more thing to fetch.
/// </remarks>
internal sealed class NameCache
{
    private const int Size = 32 * 1024;

    /// <summary>Longer ones are made each time: the table takes 10 MB at most.</summary>
    private const int LongestKept = 128;

    private readonly string?[] _names = new string?[Size];

    /// <returns>The name, or null where these bytes are none.</returns>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > Name.MaxBytes) return null;
        if (utf8.Length > LongestKept) return Read(utf8);

        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var place = ref _names[(uint)hash.ToHashCode() % Size];
        if (Volatile.Read(ref place) is { } known && IsSame(utf8, known)) return known;

        var name = Read(utf8);
        if (name is not null) Volatile.Write(ref place, name);
        return name;
    }

    private static string? Read(ReadOnlySpan<byte> utf8)
    {
        var name = Encoding.UTF8.GetString(utf8);
        return Name.IsValid(name) ? name : null;
    }

    private static bool IsSame(ReadOnlySpan<byte> utf8, string name) =>
        Ascii.Equals(utf8, name) || (!Ascii.IsValid(utf8) && IsSameBeyondAscii(utf8, name));

    private static bool IsSameBeyondAscii(ReadOnlySpan<byte> utf8, string name)
    {
        Span<char> text = stackalloc char[LongestKept];
        Utf8.ToUtf16(utf8, text, out _, out var length);
        return text[..length].SequenceEqual(name);
    }
}
