namespace Signalbox.Client;

/// <summary>
/// A pattern over the levels of a name, with MQTT's rules: <c>+</c> is any one level, <c>#</c> at the end any number of
/// them, the parent's own included. The server says which channel a message is of, not which filter let it in.
/// </summary>
internal static class ChannelFilter
{
    public static bool IsFilter(ReadOnlySpan<char> text) => text.IndexOfAny('+', '#') >= 0;

    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> name)
    {
        if (name.StartsWith('$') && filter is ['+' or '#', ..]) return false;

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

    private static ReadOnlySpan<char> CutLevel(ref ReadOnlySpan<char> text, out bool isLast)
    {
        var slash = text.IndexOf('/');
        isLast = slash < 0;
        var level = isLast ? text : text[..slash];
        text = isLast ? default : text[(slash + 1)..];
        return level;
    }
}
