namespace Signalbox.Core.Names;

/// <summary>A run of levels in a <see cref="FilterTree{T}"/>, what ends behind it, and the branches that go on there.</summary>
/// <remarks>
/// There is one for each filter and for each place where filters part, so it is small: the levels are a piece of the
/// filter that brought it, and branches that differ in their first level are in one field (<see cref="FilterLevels"/>).
/// A run never changes; who needs another one makes a new branch of this one, which then takes its place.
/// </remarks>
internal sealed class FilterBranch
{
    private const string AnyOne = "+";

    private readonly string _text;
    private readonly ushort _start;
    private readonly ushort _length;
    private readonly ushort _firstLength;
    private readonly bool _isLiteral;
    private object? _here;
    private object? _all;
    private FilterBranch? _any;
    private object? _literals;

    public FilterBranch(string text, int start, int length)
    {
        _text = text;
        _start = checked((ushort)start);
        _length = checked((ushort)length);
        var slash = Run.IndexOf('/');
        _firstLength = slash < 0 ? _length : (ushort)slash;
        _isLiteral = !Run.Contains('+');
    }

    private FilterBranch(FilterBranch other, int start, int length)
        : this(other._text, start, length)
    {
        (_here, _all, _any, _literals) = (other._here, other._all, other._any, other._literals);
    }

    public int Length => _length;

    public ReadOnlySpan<char> FirstLevel => _text.AsSpan(_start, _firstLength);

    /// <summary>The branch that begins with any level.</summary>
    public FilterBranch? AnyLevel => Volatile.Read(ref _any);

    /// <summary>Whether no filter ends here.</summary>
    public bool IsBare => _here is null && _all is null;

    /// <summary>Whether nothing goes on here.</summary>
    public bool IsEmpty => _any is null && _literals is null;

    /// <summary>The branch that goes on here, where it is the only one.</summary>
    public FilterBranch? OnlyChild => _any is null ? _literals as FilterBranch : _literals is null ? _any : null;

    private ReadOnlySpan<char> Run => _text.AsSpan(_start, _length);

    public static FilterBranch NewRoot() => new("", 0, 0);

    /// <param name="isAll">Of the filter that goes on with <c>#</c>; else of the one that ends here.</param>
    public object? Value(bool isAll) => isAll ? Volatile.Read(ref _all) : Volatile.Read(ref _here);

    public void SetValue(bool isAll, object? value) => Volatile.Write(ref (isAll ? ref _all : ref _here), value);

    /// <summary>The branch that begins with this level of a filter.</summary>
    public FilterBranch? Child(ReadOnlySpan<char> level) =>
        level is AnyOne ? AnyLevel : FilterLevels.Find(Volatile.Read(ref _literals), level);

    /// <summary>The branch that begins with this very level of a name.</summary>
    public FilterBranch? ChildOf(ReadOnlySpan<char> name, int at)
    {
        if (Volatile.Read(ref _literals) is not { } literals) return null;

        var rest = name[at..];
        var slash = rest.IndexOf('/');
        return FilterLevels.Find(literals, slash < 0 ? rest : rest[..slash]);
    }

    /// <summary>Whether the name has this run's levels from there on.</summary>
    /// <returns>Where its next level begins, beyond its end where there is none; negative where it has others.</returns>
    public int Pass(ReadOnlySpan<char> name, int at)
    {
        var run = Run;
        if (_isLiteral)
        {
            var end = at + run.Length;
            var isHere = end <= name.Length && (end == name.Length || name[end] == '/') && name[at..end].SequenceEqual(run);
            return isHere ? end + 1 : -1;
        }

        for (var runAt = 0; runAt <= run.Length;)
        {
            if (at > name.Length) return -1;

            var level = LevelAt(run, runAt);
            var other = LevelAt(name, at);
            if (level is not AnyOne && !level.SequenceEqual(other)) return -1;
            runAt += level.Length + 1;
            at += other.Length + 1;
        }

        return at;
    }

    /// <summary>Whether the filter goes on with this very run; it is behind it then.</summary>
    public bool Has(ref FilterPath path)
    {
        if (LengthInCommon(path) < _length) return false;

        path.Pass(_length);
        return true;
    }

    /// <summary>How many characters the levels have that this run and the filter begin with; the first is one of them.</summary>
    public int LengthInCommon(in FilterPath path)
    {
        var run = Run;
        var rest = path.Rest;
        var same = run.CommonPrefixLength(rest);
        var isLevelsEnd = (same == run.Length || run[same] == '/') && (same == rest.Length || rest[same] == '/');
        return isLevelsEnd ? same : run[..same].LastIndexOf('/');
    }

    /// <summary>A branch for the first levels of this run, with one for the others below it, that has all that is here.</summary>
    public FilterBranch Split(int length)
    {
        var upper = new FilterBranch(_text, _start, length);
        upper.Add(new FilterBranch(this, _start + length + 1, _length - length - 1));
        return upper;
    }

    /// <summary>This branch with the levels of the one above it, to take that one's place.</summary>
    /// <remarks>The filter that brought it has those before its own.</remarks>
    public FilterBranch Below(FilterBranch above) =>
        new(this, _start - above._length - 1, _length + above._length + 1);

    /// <returns>How many places were copied.</returns>
    public int Add(FilterBranch child)
    {
        if (child.FirstLevel is not AnyOne) return FilterLevels.Add(ref _literals, child);

        Volatile.Write(ref _any, child);
        return 1;
    }

    /// <summary>Puts a branch in the place of one that begins with the same level.</summary>
    public void Replace(FilterBranch child, FilterBranch by)
    {
        if (_any == child) Volatile.Write(ref _any, by);
        else FilterLevels.Replace(ref _literals, child, by);
    }

    /// <returns>How many places were copied.</returns>
    public int Remove(FilterBranch child)
    {
        if (_any != child) return FilterLevels.Remove(ref _literals, child);

        Volatile.Write(ref _any, null);
        return 1;
    }

    public int CountBelow()
    {
        var count = _any is { } any ? 1 + any.CountBelow() : 0;
        foreach (var child in FilterLevels.All(_literals)) count += 1 + child.CountBelow();
        return count;
    }

    private static ReadOnlySpan<char> LevelAt(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }
}
