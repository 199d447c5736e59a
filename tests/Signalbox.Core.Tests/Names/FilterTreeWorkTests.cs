using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

/// <summary>What the tree costs, counted and not timed: branches that were looked at, places and bytes that were written.</summary>
public sealed class FilterTreeWorkTests
{
    private const int Many = 100_000;

    [Theory]
    [InlineData("f{0}/#")]
    [InlineData("a/b/c/f{0}/+/d")]
    [InlineData("f{0}/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/#")]
    [InlineData("+/f{0}")]
    public void A_filter_costs_no_more_where_there_are_many_others(string form)
    {
        var tree = new FilterTree<string>();
        var filters = Enumerable.Range(0, Many).Select(n => string.Format(null, form, n)).ToArray();

        var (stepsOfFew, bytesOfFew) = Cost(tree, filters[..1_000], (filter, value) => tree.Set(filter, value));
        Cost(tree, filters[1_000..^1_000], (filter, value) => tree.Set(filter, value));
        var (stepsOfLast, bytesOfLast) = Cost(tree, filters[^1_000..], (filter, value) => tree.Set(filter, value));

        // Four bits of a hash are a step: among many there are three more of them than among few.
        Assert.InRange(stepsOfLast, 1, stepsOfFew + (3 * 1_000));
        Assert.InRange(bytesOfLast, 1, 3 * bytesOfFew);
        Assert.InRange(tree.CountBranches(), Many, 2 * Many);

        var (stepsOfFirstGone, _) = Cost(tree, filters[..1_000], (filter, value) => Assert.True(tree.Remove(filter, value)));
        Cost(tree, filters[1_000..^1_000], (filter, value) => Assert.True(tree.Remove(filter, value)));
        var (stepsOfLastGone, _) = Cost(tree, filters[^1_000..], (filter, value) => Assert.True(tree.Remove(filter, value)));
        Assert.InRange(stepsOfFirstGone, 1, stepsOfLastGone * 4);
        Assert.Equal(0, tree.CountBranches());
    }

    [Fact]
    public void A_filter_takes_as_little_memory_however_many_levels_it_has()
    {
        var tree = new FilterTree<string>();
        var filters = Enumerable.Range(0, 10_000).Select(n => $"{n}{string.Concat(Enumerable.Repeat("/a", 120))}/#").ToArray();

        var (_, bytes) = Cost(tree, filters, (filter, value) => tree.Set(filter, value));

        Assert.InRange(bytes, 1, 10_000 * 400);
        Assert.Equal(10_000, tree.CountBranches());
    }

    [Fact]
    public void A_name_costs_as_many_branches_as_could_match_it()
    {
        var tree = new FilterTree<string>();
        for (var n = 0; n < 100_000; n++) tree.Set($"f{n}/#", "own");

        var matches = new List<string>();
        Assert.Equal(2, tree.Match("f77/door", matches));
        Assert.Equal(1, tree.Match("elsewhere/door", matches));

        Assert.Equal(["own"], matches);
    }

    [Fact]
    public void Filters_that_all_match_one_name_cost_it_each_branch_once()
    {
        const int levels = 13;
        var tree = new FilterTree<string>();
        for (var bits = 0; bits < 1 << levels; bits++)
        {
            var filter = string.Join('/', Enumerable.Range(0, levels).Select(i => (bits >> i & 1) == 0 ? "a" : "+"));
            tree.Set(filter, filter);
        }

        var matches = new List<string>();
        var visited = tree.Match(string.Join('/', Enumerable.Repeat("a", levels)), matches);

        Assert.Equal(1 << levels, matches.Distinct().Count());
        // The root, and at each of its levels twice as many as above.
        Assert.Equal((2 << levels) - 1, visited);
    }

    private static (long Steps, long Bytes) Cost(FilterTree<string> tree, string[] filters, Action<string, string> act)
    {
        var (steps, bytes) = (tree.Steps, GC.GetAllocatedBytesForCurrentThread());
        foreach (var filter in filters) act(filter, filter);
        return (tree.Steps - steps, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
