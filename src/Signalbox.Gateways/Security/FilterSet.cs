using System.Collections.Frozen;
using Signalbox.Core.Names;

namespace Signalbox.Gateways.Security;

/// <summary>The names that a right is about: plain ones found at once, and filters that are tried one by one.</summary>
/// <remarks>
/// Names on the hot path are one and the same string each time, so the last that was found is known by its reference.
/// Threads may race for that place: whatever stands in it was covered.
/// </remarks>
public sealed class FilterSet
{
    public static readonly FilterSet Nothing = new([]);

    private readonly FrozenSet<string> _names;
    private readonly string[] _filters;
    private string? _last;

    /// <param name="filters">Names and filters, all of them valid.</param>
    public FilterSet(IEnumerable<string> filters)
    {
        var all = filters.Distinct(StringComparer.Ordinal).ToList();
        _names = all.Where(one => !ChannelFilter.IsFilter(one)).ToFrozenSet(StringComparer.Ordinal);
        _filters = [.. all.Where(one => ChannelFilter.IsFilter(one))];
    }

    public bool IsEmpty => _names.Count == 0 && _filters.Length == 0;

    /// <summary>Whether one of these covers all of that name or filter.</summary>
    /// <remarks>A filter that only several of these cover together is not covered: what cannot be said of one right
    /// is not granted.</remarks>
    public bool Covers(string nameOrFilter)
    {
        if (ReferenceEquals(_last, nameOrFilter)) return true;
        if (!_names.Contains(nameOrFilter) && !IsCoveredByFilter(nameOrFilter)) return false;

        _last = nameOrFilter;
        return true;
    }

    private bool IsCoveredByFilter(string nameOrFilter)
    {
        foreach (var filter in _filters)
        {
            if (ChannelFilter.Covers(filter, nameOrFilter)) return true;
        }

        return false;
    }
}
