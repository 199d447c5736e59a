using Signalbox.Core.Channels;

namespace Signalbox.Core.Tests.Channels;

/// <summary>What is kept, how it is read, and what a subscriber that comes back is given.</summary>
public sealed class ChannelHistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_history_keeps_as_many_messages_as_it_is_told()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistorySize = 3 });
        foreach (var text in new[] { "a", "b", "c", "d", "e" }) channel.Publish(text);

        Assert.Equal(["c", "d", "e"], channel.Read());
        Assert.Equal(3, channel.Channel.Read(0, 10, reverse: false).First);
    }

    [Fact]
    public void A_channel_without_history_still_numbers_its_messages()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistorySize = 0 });
        channel.Publish("a");
        channel.Publish("b");

        var read = channel.Channel.Read(0, 10, reverse: false);

        Assert.Equal(new ChannelPosition("epoch", 2), read.Position);
        Assert.Equal(3, read.First);
        Assert.Empty(read.Messages);
        Assert.Null(channel.Channel.NextWakeUp);
    }

    [Fact]
    public void A_message_leaves_the_history_when_it_is_too_old()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistoryAge = 10 * Second });
        channel.Publish("a");
        channel.Publish("b");
        channel.Pass(4 * Second);
        channel.Publish("c");

        Assert.Empty(channel.Pass(5 * Second));
        Assert.Equal([new HistoryExpired(2)], channel.Pass(1 * Second));
        Assert.Equal(["c"], channel.Read());

        Assert.Equal([new HistoryExpired(3)], channel.Pass(4 * Second));
        Assert.Equal(4, channel.Channel.Read(0, 10, reverse: false).First);
        Assert.Equal(4, channel.Publish("d"));
        Assert.Equal(["d"], channel.Read());
    }

    [Fact]
    public void Messages_that_grow_old_together_leave_in_one_step_however_late_the_wake_up_is()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistoryAge = 10 * Second });
        for (var i = 0; i < 5; i++)
        {
            channel.Publish("m");
            channel.PassAsleep(1 * Second);
        }

        channel.PassAsleep(7 * Second);

        Assert.Equal(new HistoryExpired(3), channel.Channel.NextDue(channel.Now));
    }

    [Fact]
    public void A_history_stays_whole_while_it_grows_and_moves_on()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistorySize = 100, HistoryAge = 3 * Second });
        var sent = new List<(int Round, string Text)>();
        for (var round = 1; round <= 50; round++)
        {
            for (var i = 0; i < round; i++)
            {
                sent.Add((round, $"{round}.{i}"));
                channel.Publish($"{round}.{i}");
            }

            var kept = sent.Where(message => message.Round > round - 3).TakeLast(100).Select(message => message.Text);
            Assert.Equal(kept, channel.Read());

            channel.Pass(1 * Second);
        }
    }

    [Fact]
    public void A_history_of_any_age_never_expires()
    {
        var channel = new ChannelDriver(new ChannelOptions { HistoryAge = TimeSpan.MaxValue });
        channel.Publish("a");

        channel.Pass(TimeSpan.FromDays(100_000));

        Assert.Equal(["a"], channel.Read());
    }

    [Fact]
    public void History_is_read_on_from_an_offset_and_says_where_the_limit_cut_it()
    {
        var channel = Letters();

        Assert.Equal(["c", "d"], channel.Read(since: 2, limit: 2));
        Assert.False(channel.Channel.Read(2, 2, reverse: false).IsComplete);
        Assert.Equal(["c", "d", "e"], channel.Read(since: 2, limit: 3));
        Assert.True(channel.Channel.Read(2, 3, reverse: false).IsComplete);
    }

    [Fact]
    public void History_is_read_back_from_the_newest_or_from_below_an_offset()
    {
        var channel = Letters();

        Assert.Equal(["e", "d"], channel.ReadBack(limit: 2));
        Assert.Equal(["c", "b", "a"], channel.ReadBack(before: 4));
        Assert.Empty(channel.ReadBack(before: 1));
        Assert.False(channel.Channel.Read(4, 2, reverse: true).IsComplete);
        Assert.True(channel.Channel.Read(4, 3, reverse: true).IsComplete);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(long.MaxValue)]
    public void Nothing_comes_after_the_last_offset(long since) => Assert.Empty(Letters().Read(since));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_limit_below_one_reads_nothing_and_says_that_there_is_more(int limit)
    {
        var read = Letters().Channel.Read(long.MinValue, limit, reverse: false);

        Assert.Empty(read.Messages);
        Assert.False(read.IsComplete);
    }

    [Fact]
    public void Who_comes_back_gets_exactly_what_it_missed()
    {
        var channel = Letters();

        var read = channel.Channel.Recover(new ChannelPosition("epoch", 3), limit: 10);

        Assert.True(read.Recovered);
        Assert.Equal(["d", "e"], read.Messages.Select(ChannelDriver.TextOf));
        Assert.Equal(new ChannelPosition("epoch", 5), read.Position);
    }

    [Theory]
    [InlineData("epoch", 5, 0, true)] // Nothing missed: that fits into any limit.
    [InlineData("epoch", 2, 3, true)]
    [InlineData("epoch", 2, 2, false)] // More than the limit.
    [InlineData("epoch", 1, 10, false)] // Message 2 is not kept any more.
    [InlineData("epoch", 6, 10, false)] // From the future of this epoch.
    [InlineData("epoch", -1, 10, false)]
    [InlineData("epoch", long.MinValue, 10, false)]
    [InlineData("epoch", long.MaxValue, 10, false)]
    [InlineData("other", 3, 10, false)]
    [InlineData("", 0, 10, false)]
    public void Recovery_is_whole_or_says_that_it_is_not(string epoch, long offset, int limit, bool recovered)
    {
        var channel = Letters(new ChannelOptions { HistorySize = 3 });

        var read = channel.Channel.Recover(new ChannelPosition(epoch, offset), limit);

        Assert.Equal(recovered, read.Recovered);
        Assert.Equal(recovered ? 5 - offset : 0, read.Messages.Count);
        Assert.Equal(3, read.First);
    }

    [Fact]
    public void A_subscriber_from_the_very_beginning_recovers_all_while_all_is_kept()
    {
        Assert.True(Letters().Channel.Recover(new ChannelPosition("epoch", 0), limit: 5).Recovered);
        Assert.False(
            Letters(new ChannelOptions { HistorySize = 4 }).Channel
                .Recover(new ChannelPosition("epoch", 0), limit: 5).Recovered);
    }

    [Fact]
    public void Nobody_recovers_from_a_channel_that_is_not_open()
    {
        var channel = new Channel(ChannelOptions.Default, ChannelLimits.Default);

        Assert.False(channel.Recover(channel.Position, limit: 10).Recovered);
        Assert.False(channel.Recover(default, limit: 10).Recovered);
    }

    [Fact]
    public void A_restored_channel_goes_on_where_it_was_even_with_nothing_kept()
    {
        var channel = Letters(new ChannelOptions { HistoryAge = 1 * Second });
        channel.Publish("value", retain: true);
        channel.Pass(1 * Second);

        var restored = channel.Restore();

        Assert.Equal(new ChannelPosition("epoch", 6), restored.Position);
        Assert.Equal("value", ChannelDriver.TextOf(restored.Retained!));
        Assert.True(restored.Recover(new ChannelPosition("epoch", 6), limit: 10).Recovered);
        Assert.False(restored.Recover(new ChannelPosition("epoch", 5), limit: 10).Recovered);
    }

    [Fact]
    public void A_value_that_was_cleared_does_not_come_back_with_a_snapshot_whose_history_still_has_it()
    {
        var channel = new ChannelDriver();
        channel.Publish("value", retain: true);
        channel.ClearRetained();

        var restored = channel.Restore();

        Assert.Null(restored.Retained);
        Assert.Single(restored.Read(0, 10, reverse: false).Messages);
    }

    [Fact]
    public void A_channel_that_was_never_opened_has_no_snapshot() =>
        Assert.Empty(new Channel(ChannelOptions.Default, ChannelLimits.Default).Snapshot());

    private static ChannelDriver Letters(ChannelOptions? options = null)
    {
        var channel = new ChannelDriver(options);
        foreach (var text in new[] { "a", "b", "c", "d", "e" }) channel.Publish(text);
        return channel;
    }
}
