using System.Collections;
using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

/// <summary>What is said of two filters, for every pair of those with up to four levels.</summary>
/// <remarks>All of them, since what goes wrong does so for a few that a random choice seldom meets.</remarks>
public sealed class ChannelFilterPairTests
{
    private static readonly string[] Levels = ["a", "b", "", "$a"];

    private static readonly List<string> Filters = [.. TextsOf([.. Levels, "+", "#"], 4).Where(text => ChannelFilter.IsValid(text))];

    // With a level that no filter says, so that a wildcard is no list of levels, and one more of them than any filter has.
    private static readonly List<string> Names = [.. TextsOf([.. Levels, "z"], 5).Where(text => Name.IsValid(text))];

    private static readonly List<BitArray> Matched = [.. Filters.Select(NamesMatchedBy)];

    [Fact]
    public void A_filter_covers_another_exactly_when_it_matches_every_name_that_the_other_does() =>
        Assert.Empty(Pairs((one, other) =>
            ChannelFilter.Covers(Filters[one], Filters[other]) != !new BitArray(Matched[one]).Not().And(Matched[other]).HasAnySet()));

    [Fact]
    public void Filters_overlap_exactly_when_there_is_a_name_that_both_match() =>
        Assert.Empty(Pairs((one, other) =>
            ChannelFilter.Overlap(Filters[one], Filters[other]) != new BitArray(Matched[one]).And(Matched[other]).HasAnySet()));

    // A few of those for which it is so.
    private static List<string> Pairs(Func<int, int, bool> isSo)
    {
        var all = Enumerable.Range(0, Filters.Count);
        var pairs = all.SelectMany(one => all.Where(other => isSo(one, other)).Select(other => $"'{Filters[one]}' and '{Filters[other]}'"));
        return [.. pairs.Take(10)];
    }

    private static BitArray NamesMatchedBy(string filter) => new([.. Names.Select(name => ChannelFilter.Matches(filter, name))]);

    // Every text of up to so many levels.
    private static List<string> TextsOf(string[] levels, int depth)
    {
        List<string> texts = [.. levels];
        var longest = texts;
        for (var i = 1; i < depth; i++)
        {
            longest = [.. longest.SelectMany(start => levels.Select(level => $"{start}/{level}"))];
            texts.AddRange(longest);
        }

        return texts;
    }
}
