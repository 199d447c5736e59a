using Signalbox.Core.Names;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>The filters that have local subscribers, level by level: a name finds its filters without a scan.</summary>
/// <remarks>Readers need no gate: see <see cref="FilterTree{T}"/>. Writers hold theirs for as long as a filter has levels,
/// however many filters there are.</remarks>
internal sealed class FilterTrie
{
    private readonly Gate _gate = new(GateRank.FilterTrie);
    private readonly FilterTree<Audience> _filters = new();

    public bool IsEmpty => _filters.Count == 0;

    public void Set(string filter, Audience audience)
    {
        using (_gate.Enter()) _filters.Set(filter, audience);
    }

    /// <summary>Takes the filter out, unless another audience has taken its place.</summary>
    public void Remove(string filter, Audience audience)
    {
        using (_gate.Enter()) _filters.Remove(filter, audience);
    }

    public Audience? Find(string filter) => _filters.Find(filter);

    /// <summary>Adds every audience whose filter matches the name.</summary>
    /// <returns>How many branches were looked at.</returns>
    public int Match(ReadOnlySpan<char> name, List<Audience> matches) => _filters.Match(name, matches);
}
