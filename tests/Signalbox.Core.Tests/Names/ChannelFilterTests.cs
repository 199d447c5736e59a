using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

public sealed class ChannelFilterTests
{
    [Theory]
    [InlineData("sport/tennis", "sport/tennis")]
    [InlineData("sport/+/score", "sport/tennis/score")]
    [InlineData("sport/tennis/+", "sport/tennis/player1")]
    [InlineData("+/+", "sport/tennis")]
    [InlineData("sport/#", "sport/tennis/player1/ranking")]
    [InlineData("#", "sport/tennis")]
    [InlineData("+/tennis/#", "sport/tennis/player1")]
    public void Wildcards_stand_for_levels(string filter, string name) =>
        Assert.True(ChannelFilter.Matches(filter, name));

    [Theory]
    [InlineData("sport/tennis", "sport")]
    [InlineData("sport", "sport/tennis")]
    [InlineData("sport/tennis", "sport/Tennis")]
    [InlineData("sport/+", "sport/tennis/player1")]
    [InlineData("sport/+/score", "sport/tennis/player1/score")]
    [InlineData("sport/tennis/#", "sport/tenniscourt")]
    [InlineData("sport/tennis/#", "sport")]
    public void What_the_levels_do_not_say_does_not_match(string filter, string name) =>
        Assert.False(ChannelFilter.Matches(filter, name));

    [Theory]
    [InlineData("sport/#", "sport", true)]
    [InlineData("+/#", "sport", true)]
    [InlineData("sport/+/#", "sport/tennis", true)]
    [InlineData("sport/+/#", "sport", false)]
    [InlineData("sport/+", "sport", false)]
    public void The_many_levels_wildcard_matches_the_parent_too(string filter, string name, bool matches) =>
        Assert.Equal(matches, ChannelFilter.Matches(filter, name));

    [Theory]
    [InlineData("/+", "/finance", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("sport/", "sport", false)]
    [InlineData("sport", "sport/", false)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("a/b", "a//b", false)]
    [InlineData("/", "/", true)]
    [InlineData("+/+", "/", true)]
    [InlineData("/#", "/", true)]
    public void An_empty_level_is_a_level(string filter, string name, bool matches) =>
        Assert.Equal(matches, ChannelFilter.Matches(filter, name));

    [Theory]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("+", "$SYS", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("a/#", "a/$SYS", true)]
    [InlineData("/#", "/$SYS", true)]
    public void A_wildcard_on_the_first_level_does_not_reach_system_names(string filter, string name, bool matches) =>
        Assert.Equal(matches, ChannelFilter.Matches(filter, name));

    [Theory]
    [InlineData("#", "#", true)]
    [InlineData("+/#", "#", true)]
    [InlineData("+/+", "#", false)]
    [InlineData("chat/#", "chat", true)]
    [InlineData("chat/#", "chat/+", true)]
    [InlineData("chat/#", "chat/#", true)]
    [InlineData("chat/+", "chat/#", false)]
    [InlineData("chat/+", "+/a", false)]
    [InlineData("chat/a", "chat/+", false)]
    [InlineData("+/a", "chat/a", true)]
    [InlineData("+/+", "chat/+", true)]
    [InlineData("a/+/#", "a/#", false)]
    [InlineData("#", "$kv/a", false)]
    [InlineData("#", "$kv/#", false)]
    [InlineData("$kv/#", "$kv/+", true)]
    public void A_filter_covers_another_of_whose_names_it_misses_none(string filter, string other, bool covers) =>
        Assert.Equal(covers, ChannelFilter.Covers(filter, other));

    [Theory]
    [InlineData("a", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/#", true)]
    [InlineData("/#", true)]
    [InlineData("+/b/+", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/b#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("#/", false)]
    [InlineData("##", false)]
    [InlineData("a+", false)]
    [InlineData("a/+b/c", false)]
    [InlineData("+#", false)]
    [InlineData("a\n/#", false)]
    public void A_wildcard_stands_alone_on_its_level_and_the_many_levels_one_last(string filter, bool isValid) =>
        Assert.Equal(isValid, ChannelFilter.IsValid(filter));

    [Theory]
    [InlineData("a/b", false)]
    [InlineData("a/+", true)]
    [InlineData("#", true)]
    [InlineData("a+b", true)]
    public void A_text_with_a_wildcard_anywhere_is_not_a_plain_name(string text, bool isFilter) =>
        Assert.Equal(isFilter, ChannelFilter.IsFilter(text));
}
