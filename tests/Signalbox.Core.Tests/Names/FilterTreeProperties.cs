using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

/// <summary>The tree against a dictionary that is searched filter by filter.</summary>
public sealed class FilterTreeProperties
{
    private static readonly string[] Levels = ["a", "b", "ab", "", "$x", "+"];

    [Fact]
    public void It_finds_just_the_filters_that_match_whatever_comes_and_goes() =>
        Prop.ForAll<int[], int[]>((filterCodes, nameCodes) =>
        {
            var tree = new FilterTree<string>();
            var model = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var code in filterCodes)
            {
                var filter = FilterOf(code);
                if (!ChannelFilter.IsValid(filter)) continue;

                // Every other time that it comes it goes again.
                if (model.Remove(filter, out var value))
                {
                    Assert.False(tree.Remove(filter, "another value"));
                    Assert.True(tree.Remove(filter, value));
                }
                else
                {
                    model[filter] = $"of {filter}";
                    tree.Set(filter, "a value before it");
                    tree.Set(filter, model[filter]);
                }

                CheckSize(tree, model);
            }

            foreach (var (filter, value) in model) Assert.Same(value, tree.Find(filter));
            foreach (var code in nameCodes.Concat(filterCodes)) CheckMatches(tree, model, NameOf(code));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(200));

    [Fact]
    public void Neighbours_are_told_apart_however_many_they_are() =>
        Prop.ForAll<byte[]>(script =>
        {
            var tree = new FilterTree<string>();
            var model = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var code in script)
            {
                // One byte is what becomes of one of many neighbours: enough for several steps of places, and back.
                var filter = $"room/{code % 64}/#";
                if (code < 128 && model.TryAdd(filter, filter)) tree.Set(filter, filter);
                else if (code >= 128 && model.Remove(filter, out var value)) Assert.True(tree.Remove(filter, value));
                CheckSize(tree, model);
            }

            for (var i = 0; i < 64; i++) CheckMatches(tree, model, $"room/{i}/door");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(600));

    [Fact]
    public void Levels_with_the_same_hash_are_told_apart()
    {
        // The hash is seeded in each process, so they have to be looked for: among some hundred thousand there are a few.
        var byHash = new Dictionary<int, string>();
        var pairs = new List<(string, string)>();
        for (var n = 0; pairs.Count < 3; n++)
        {
            var level = $"{n}";
            if (!byHash.TryAdd(level.GetHashCode(), level)) pairs.Add((byHash[level.GetHashCode()], level));
        }

        var tree = new FilterTree<string>();
        var model = new Dictionary<string, string>(StringComparer.Ordinal);
        var levels = byHash.Values.Take(100).Concat(pairs.SelectMany(pair => (string[])[pair.Item1, pair.Item2])).Distinct().ToList();
        foreach (var level in levels) tree.Set(level, model[level] = level);
        foreach (var level in levels) CheckMatches(tree, model, level);
        // Split, joined and removed: what has the same hash stays where it is.
        foreach (var (one, other) in pairs)
        {
            tree.Set($"{one}/x", model[$"{one}/x"] = one);
            Assert.True(model.Remove(one, out var value) && tree.Remove(one, value));
            CheckMatches(tree, model, other);
            CheckMatches(tree, model, one);
            Assert.True(model.Remove($"{one}/x", out value) && tree.Remove($"{one}/x", value));
            CheckMatches(tree, model, other);
        }

        foreach (var level in levels)
        {
            if (model.Remove(level, out var value)) Assert.True(tree.Remove(level, value));
            CheckSize(tree, model);
        }

        Assert.Equal(0, tree.CountBranches());
    }

    private static void CheckSize(FilterTree<string> tree, Dictionary<string, string> model)
    {
        Assert.Equal(model.Count, tree.Count);
        Assert.InRange(tree.CountBranches(), 0, 2 * model.Count);
    }

    private static void CheckMatches(FilterTree<string> tree, Dictionary<string, string> model, string name)
    {
        var matches = new List<string>();
        var visited = tree.Match(name, matches);

        var expected = model.Where(one => ChannelFilter.Matches(one.Key, name)).Select(one => one.Value);
        Assert.Equal(expected.Order(StringComparer.Ordinal), matches.Order(StringComparer.Ordinal));
        Assert.InRange(visited, 0, 1 + tree.CountBranches());
    }

    // A number is up to six levels, and whether all below them is meant too. Few are different, so that they meet.
    private static string FilterOf(int code)
    {
        var text = NameOf(code, Levels);
        return (code & 1) == 0 ? text : text is "" ? "#" : $"{text}/#";
    }

    private static string NameOf(int code) => NameOf(code, Levels[..^1]) is { Length: > 0 } name ? name : "a";

    private static string NameOf(int code, string[] levels)
    {
        var random = new Random(code & 0x3FF);
        return string.Join('/', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => levels[random.Next(levels.Length)]));
    }
}
