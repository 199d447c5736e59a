using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Names;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Tests.Nodes;

public sealed class FilterTrieProperties
{
    private static readonly string[] Levels = ["a", "b", "", "$x", "+", "#"];

    [Fact]
    public void It_finds_just_the_filters_that_match() =>
        Prop.ForAll<byte[], byte[]>((filterCodes, nameCodes) =>
        {
            var trie = new FilterTrie();
            var there = new Dictionary<string, Audience>();
            foreach (var code in filterCodes)
            {
                var filter = Text(code, Levels);
                if (!ChannelFilter.IsFilter(filter) || !ChannelFilter.IsValid(filter)) continue;

                // Every other time that it comes it goes again.
                if (there.Remove(filter, out var audience))
                {
                    trie.Remove(filter, audience);
                    continue;
                }

                there[filter] = new Audience(filter, ticket: 1, onOccupancy: null);
                trie.Set(filter, there[filter]);
            }

            Assert.Equal(there.Count == 0, trie.IsEmpty);
            foreach (var code in nameCodes)
            {
                var name = Text(code, Levels[..4]);
                var matches = new List<Audience>();
                trie.Match(name, matches);

                var expected = there.Keys.Where(filter => ChannelFilter.Matches(filter, name)).Order(StringComparer.Ordinal);
                Assert.Equal(expected, matches.Select(match => match.Name).Order(StringComparer.Ordinal));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_filter_is_not_taken_out_by_an_audience_that_it_has_no_more()
    {
        var trie = new FilterTrie();
        var old = new Audience("a/#", ticket: 1, onOccupancy: null);
        var young = new Audience("a/#", ticket: 2, onOccupancy: null);
        trie.Set("a/#", old);
        trie.Set("a/#", young);

        trie.Remove("a/#", old);

        Assert.Same(young, trie.Find("a/#"));
    }

    // One byte is up to three levels.
    private static string Text(byte code, string[] levels)
    {
        var text = levels[code % levels.Length];
        for (var rest = code / levels.Length; rest > 0; rest /= levels.Length + 1)
        {
            if (rest % (levels.Length + 1) is > 0 and var level) text += "/" + levels[level - 1];
        }

        return text;
    }
}
