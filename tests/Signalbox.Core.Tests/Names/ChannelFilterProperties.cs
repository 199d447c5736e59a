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
    public void A_filter_covers_a_plain_name_exactly_when_it_matches_it() =>
        Prop.ForAll<byte[], byte[]>((filterScript, nameScript) =>
        {
            var filter = Text(filterScript, FilterLevels);
            var name = Text(nameScript, Levels);

            return !ChannelFilter.IsValid(filter)
                || !Name.IsValid(name)
                || ChannelFilter.Covers(filter, name) == ChannelFilter.Matches(filter, name);
        }).Check(ManyTests);

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
