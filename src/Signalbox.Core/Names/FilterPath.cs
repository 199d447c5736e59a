namespace Signalbox.Core.Names;

/// <summary>A filter on its way through a <see cref="FilterTree{T}"/>: which of its levels are still to come.</summary>
/// <remarks>A <c>#</c> at the end is no level here, but says that all below the others is meant.</remarks>
internal ref struct FilterPath
{
    private readonly string _filter;
    private readonly int _end;
    private int _at;

    public FilterPath(string filter)
    {
        _filter = filter;
        IsAll = filter is "#" || filter.EndsWith("/#", StringComparison.Ordinal);
        // Before the slash; and "#" alone has no level at all, which ends before it begins.
        _end = IsAll ? filter.Length - 2 : filter.Length;
    }

    public bool IsAll { get; }

    public readonly bool IsOver => _at > _end;

    /// <summary>The next level.</summary>
    public readonly ReadOnlySpan<char> Level
    {
        get
        {
            var rest = Rest;
            var slash = rest.IndexOf('/');
            return slash < 0 ? rest : rest[..slash];
        }
    }

    /// <summary>All levels that are still to come.</summary>
    public readonly ReadOnlySpan<char> Rest => _filter.AsSpan(_at, _end - _at);

    /// <summary>Goes on behind levels that have so many characters together.</summary>
    public void Pass(int length) => _at += length + 1;

    /// <summary>A branch that has all levels still to come, and the value at its end.</summary>
    public readonly FilterBranch NewBranch(object value)
    {
        var branch = new FilterBranch(_filter, _at, _end - _at);
        branch.SetValue(IsAll, value);
        return branch;
    }
}
