namespace Signalbox.Core.Names;

/// <summary>
/// A pattern over the levels of a name, with MQTT's rules: <c>+</c> is any one level, <c>#</c> at the end is
/// any number of levels, the parent's own included.
/// </summary>
/// <remarks>A filter whose first level is a wildcard matches no name that begins with <c>$</c>.</remarks>
public static class ChannelFilter
{
    /// <summary>Whether this text has wildcards: without them it is a plain name.</summary>
    public static bool IsFilter(ReadOnlySpan<char> text) => text.IndexOfAny('+', '#') >= 0;

    /// <summary>Whether the wildcards stand where they may: alone on their level, and <c>#</c> only last.</summary>
    public static bool IsValid(ReadOnlySpan<char> filter)
    {
        if (!Name.IsValid(filter)) return false;

        while (true)
        {
            var slash = filter.IndexOf('/');
            var level = slash < 0 ? filter : filter[..slash];
            if (level.IndexOfAny('+', '#') >= 0 && level.Length > 1) return false;
            if (level is "#") return slash < 0;
            if (slash < 0) return true;
            filter = filter[(slash + 1)..];
        }
    }

    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> name)
    {
        if (Name.IsSystem(name) && filter is ['+' or '#', ..]) return false;

        while (true)
        {
            var filterLevel = CutLevel(ref filter, out var isLastFilterLevel);
            if (filterLevel is "#") return true;

            var nameLevel = CutLevel(ref name, out var isLastNameLevel);
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(nameLevel)) return false;

            if (isLastNameLevel) return isLastFilterLevel || filter is "#";
            if (isLastFilterLevel) return false;
        }
    }

    /// <summary>Whether every name that the other filter, or plain name, matches is matched by this one too.</summary>
    public static bool Covers(ReadOnlySpan<char> filter, ReadOnlySpan<char> other)
    {
        if (Name.IsSystem(other) && filter is ['+' or '#', ..]) return false;

        // A name has one level at least, so on the first "#" is no more than "+/#"; and none is empty, so behind an empty
        // level "#" is no more than "+/#" either.
        if (other is "#" && filter is "+/#") return true;
        if (other is "/#" && filter is "/+/#" or "+/+/#") return true;

        while (true)
        {
            var level = CutLevel(ref filter, out var isLast);
            if (level is "#") return true;

            var otherLevel = CutLevel(ref other, out var isLastOther);
            if (otherLevel is "#") return false;
            if (level is not "+" && !level.SequenceEqual(otherLevel)) return false;

            if (isLastOther) return isLast || filter is "#";
            if (isLast) return false;
        }
    }

    /// <summary>Whether there is a name that both match, be they filters or plain names.</summary>
    public static bool Overlap(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (Name.IsSystem(one) && other is ['+' or '#', ..]) return false;
        if (Name.IsSystem(other) && one is ['+' or '#', ..]) return false;

        for (var isFirst = true; ; isFirst = false)
        {
            var level = CutLevel(ref one, out var isLast);
            var otherLevel = CutLevel(ref other, out var isLastOther);
            if (level is "#" || otherLevel is "#") return true;
            if (level is not "+" && otherLevel is not "+" && !level.SequenceEqual(otherLevel)) return false;

            if (isLast && isLastOther) return true;
            if (!isLast && !isLastOther) continue;

            // '#' stands for no level, too, but no name is empty.
            var isEmpty = isFirst && (level.IsEmpty || otherLevel.IsEmpty);
            return !isEmpty && (isLast ? other : one) is "#";
        }
    }

    private static ReadOnlySpan<char> CutLevel(ref ReadOnlySpan<char> text, out bool isLast)
    {
        var slash = text.IndexOf('/');
        isLast = slash < 0;
        var level = isLast ? text : text[..slash];
        text = isLast ? default : text[(slash + 1)..];
        return level;
    }
}
