namespace Signalbox.Client.Tests.Channels;

public sealed class ChannelFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("+/c", "a/c", true)]
    [InlineData("#", "a/c", true)]
    [InlineData("#", "$kv/a", false)]
    [InlineData("$kv/#", "$kv/a", true)]
    [InlineData("a/b", "a/c", false)]
    public void It_matches_as_the_servers_does(string filter, string name, bool matches)
    {
        Assert.Equal(matches, ChannelFilter.Matches(filter, name));
        Assert.Equal(matches, Core.Names.ChannelFilter.Matches(filter, name));
    }
}
