using Signalbox.Gateways.Connections;

namespace Signalbox.Gateways.Tests.Connections;

public sealed class FileBudgetTests
{
    [Theory]
    [InlineData(1024, 200, 0)]
    [InlineData(20_000, 200, 0)]
    [InlineData(1_048_576, 300, 257)]
    [InlineData(int.MaxValue, 300, 0)]
    public void What_is_left_is_for_connections(int limit, int inUse, int others)
    {
        var budget = FileBudget.Of(limit, inUse, others, wanted: 0);

        Assert.Equal(limit, budget.Kept + budget.Most);
        var threads = FileBudget.ThreadsOf(limit);
        Assert.InRange(budget.Kept, inUse + others + (2 * threads) + budget.Refusals + 1, limit - 1);
    }

    [Fact]
    public void Of_few_files_little_is_kept_and_of_many_not_much_more()
    {
        Assert.InRange(FileBudget.Of(20_000, 200, 0, 0).Most, 18_000, 20_000);
        Assert.InRange(FileBudget.Of(1_048_576, 200, 0, 0).Most, 1_047_000, 1_048_576);
    }

    [Fact]
    public void The_settings_may_want_fewer_and_cannot_have_more()
    {
        Assert.Equal(10, FileBudget.Of(20_000, 200, 0, wanted: 10).Most);
        Assert.Equal(FileBudget.Of(20_000, 200, 0, 0).Most, FileBudget.Of(20_000, 200, 0, wanted: 1_000_000).Most);
    }

    [Fact]
    public void Where_no_limit_is_known_the_settings_say_it()
    {
        Assert.Equal((null, int.MaxValue), (FileBudget.Of(null, 0, 0, 0).Limit, FileBudget.Of(null, 0, 0, 0).Most));
        Assert.Equal(10, FileBudget.Of(null, 0, 0, wanted: 10).Most);
    }

    [Fact]
    public void Where_nothing_is_left_it_says_what_to_do()
    {
        var failure = Assert.Throws<IOException>(() => FileBudget.Of(256, 250, 0, 0));

        Assert.Contains("256 files", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", failure.Message, StringComparison.Ordinal);
    }
}
