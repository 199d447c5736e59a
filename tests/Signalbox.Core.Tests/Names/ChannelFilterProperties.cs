using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

public sealed class ChannelFilterProperties
{
    private static readonly Config ManyTests = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    // A small alphabet, so that names and filters meet often enough.
    private static readonly string[] Levels = ["a", "b", "", "$a"];
    private static readonly string[] FilterLevels = [.. Levels, "+", "+", "#"];

    private static readonly List<string> AllNames = NamesOf([.. Levels, "z"], 5);

    [Fact]
    public void A_filter_matches_what_its_regular_expression_matches() =>
        Prop.ForAll<byte[], byte[]>((filterScript, nameScript) =>
        {
            var filter = Text(filterScript, FilterLevels);
            var name = Text(nameScript, Levels);

            return !ChannelFilter.IsValid(filter)
                || !Name.IsValid(name)
                || ChannelFilter.Matches(filter, name) == ModelMatches(filter, name);
        }).Check(ManyTests);

    [Fact]
    public void A_plain_name_matches_itself_and_nothing_else() =>
        Prop.ForAll<byte[], byte[]>((one, other) =>
        {
            var name = Text(one, Levels);
            var otherName = Text(other, Levels);

            return ChannelFilter.Matches(name, name) && ChannelFilter.Matches(name, otherName) == (name == otherName);
        }).Check(ManyTests);

    [Fact]
    public void A_filter_covers_another_exactly_when_it_matches_every_name_that_the_other_does() =>
        Prop.ForAll<byte[], byte[]>((oneScript, otherScript) =>
        {
            var one = Text(oneScript, FilterLevels);
            var other = Text(otherScript, FilterLevels);

            return !ChannelFilter.IsValid(one)
                || !ChannelFilter.IsValid(other)
                || ChannelFilter.Covers(one, other) == AllNames.Where(name => ChannelFilter.Matches(other, name))
                    .All(name => ChannelFilter.Matches(one, name));
        }).Check(ManyTests);

    [Fact]
    public void A_filter_covers_a_plain_name_exactly_when_it_matches_it() =>
        Prop.ForAll<byte[], byte[]>((filterScript, nameScript) =>
        {
            var filter = Text(filterScript, FilterLevels);
            var name = Text(nameScript, Levels);

            return !ChannelFilter.IsValid(filter)
                || !Name.IsValid(name)
                || ChannelFilter.Covers(filter, name) == ChannelFilter.Matches(filter, name);
        }).Check(ManyTests);

    [Fact]
    public void Filters_overlap_exactly_when_there_is_a_name_that_both_match() =>
        Prop.ForAll<byte[], byte[]>((oneScript, otherScript) =>
        {
            var one = Text(oneScript, FilterLevels);
            var other = Text(otherScript, FilterLevels);

            return !ChannelFilter.IsValid(one)
                || !ChannelFilter.IsValid(other)
                || ChannelFilter.Overlap(one, other) == AllNames.Exists(
                    name => ChannelFilter.Matches(one, name) && ChannelFilter.Matches(other, name));
        }).Check(ManyTests);

    // Rare enough to be missed: '#' matches the level above it too, and above "/#" is the empty name, which is none.
    [Theory]
    [InlineData("/#", "+", false)]
    [InlineData("+", "/#", false)]
    [InlineData("/#", "+/#", true)]
    [InlineData("+/#", "+", true)]
    public void What_only_the_empty_name_would_match_does_not_overlap(string one, string other, bool overlap) =>
        Assert.Equal(overlap, ChannelFilter.Overlap(one, other));

    // Every name of up to five levels, with one ("z") that no filter says, so that a wildcard is no list of levels.
    private static List<string> NamesOf(string[] levels, int depth)
    {
        List<string> names = [.. levels];
        var longest = names;
        for (var i = 1; i < depth; i++)
        {
            longest = [.. longest.SelectMany(start => levels.Select(level => $"{start}/{level}"))];
            names.AddRange(longest);
        }

        return [.. names.Where(name => Name.IsValid(name))];
    }

    private static string Text(byte[] script, string[] levels) =>
        string.Join('/', script.Take(4).Select(code => levels[code % levels.Length]).DefaultIfEmpty("a"));

    private static bool ModelMatches(string filter, string name)
    {
        if (name.StartsWith('$') && (filter.StartsWith('+') || filter.StartsWith('#'))) return false;
        if (filter == "#") return true;

        var pattern = Regex.Escape(filter)
            .Replace("/\\#", "(/.*)?", StringComparison.Ordinal)
            .Replace("\\+", "[^/]*", StringComparison.Ordinal);
        return Regex.IsMatch(name, $"^{pattern}$");
    }
}
