using System.Text;

namespace Signalbox.Core.Names;

/// <summary>The rule that every name of a channel, hash key or queue keeps: 1 to 255 bytes of UTF-8, no controls.</summary>
public static class Name
{
    public const int MaxBytes = 255;

    /// <summary>Names that begin with this are the system's: clients read them, and never write them.</summary>
    public const char SystemMark = '$';

    /// <summary>The channel <c>$kv/KEY</c> tells of changes of the hash key KEY.</summary>
    public const string KeyWatchPrefix = "$kv/";

    /// <summary>The channel <c>$users/ID</c> tells when the user ID comes online and goes offline.</summary>
    public const string UserWatchPrefix = "$users/";

    /// <summary>The queue <c>$dead/NAME</c> is what the queue NAME gave up on.</summary>
    public const string DeadLettersPrefix = "$dead/";

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        // A character is at least a byte, so a long text is refused without being counted.
        if (name.IsEmpty || name.Length > MaxBytes) return false;

        foreach (var rune in name.EnumerateRunes())
        {
            // A lone surrogate comes out as the replacement character, which may also stand in the text itself.
            if (Rune.IsControl(rune)) return false;
        }

        return !HasLoneSurrogate(name) && Encoding.UTF8.GetByteCount(name) <= MaxBytes;
    }

    public static bool IsSystem(ReadOnlySpan<char> name) => !name.IsEmpty && name[0] == SystemMark;

    private static bool HasLoneSurrogate(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 >= name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return true;
            i++;
        }

        return false;
    }
}
