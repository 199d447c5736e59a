using Signalbox.Cli.Arguments;

namespace Signalbox.Cli.Tests.Arguments;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("30s", 30)]
    [InlineData("30", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86_400)]
    public void A_time_has_a_number_and_a_unit(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var time));

        Assert.Equal(TimeSpan.FromSeconds(seconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("5 s")]
    [InlineData("5sm")]
    [InlineData("5y")]
    [InlineData("1e9s")]
    [InlineData("99999999d")]
    public void Anything_else_is_no_time(string text) => Assert.False(Durations.TryParse(text, out _));
}
