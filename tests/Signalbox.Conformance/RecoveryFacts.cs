using Signalbox.Conformance.Subjects;
using Signalbox.Core.Channels;

namespace Signalbox.Conformance;

/// <summary>Whoever comes back gets exactly what it missed, or is told that it cannot be had.</summary>
public abstract class RecoveryFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task Who_comes_back_gets_what_it_missed_and_then_live_messages()
    {
        await using var writer = await ConnectAsync();
        var seen = await SeeAsync(writer, "news", 2);
        for (var i = 3; i <= 5; i++) await writer.PublishAsync("news", $"message {i}", id: null);
        await using var reader = await ConnectAsync();

        var entered = await reader.SubscribeAsync("news", seen);
        await writer.PublishAsync("news", "message 6", id: null);

        Assert.True(entered.Recovered);
        Assert.Equal(seen with { Offset = 5 }, entered.Position);
        Assert.Equal(
            [3L, 4L, 5L, 6L], (await reader.WaitForAsync(4)).Select(message => message.Offset));
    }

    [Fact]
    public async Task Who_missed_nothing_is_recovered_with_nothing()
    {
        await using var writer = await ConnectAsync();
        var seen = await SeeAsync(writer, "news", 2);
        await using var reader = await ConnectAsync();

        var entered = await reader.SubscribeAsync("news", seen);
        await writer.PublishAsync("news", "message 3", id: null);

        Assert.True(entered.Recovered);
        Assert.Equal([3L], (await reader.WaitForAsync(1)).Select(message => message.Offset));
    }

    [Fact]
    public async Task Who_has_been_away_too_long_is_told_where_the_history_begins()
    {
        await using var writer = await ConnectAsync();
        var seen = await SeeAsync(writer, "short/news", 1);
        for (var i = 2; i <= 5; i++) await writer.PublishAsync("short/news", $"message {i}", id: null);
        await using var reader = await ConnectAsync();

        var entered = await reader.SubscribeAsync("short/news", seen);
        await writer.PublishAsync("short/news", "message 6", id: null);

        Assert.False(entered.Recovered);
        Assert.Equal(3, entered.First);
        Assert.Equal([6L], (await reader.WaitForAsync(1)).Select(message => message.Offset));
    }

    [Fact]
    public async Task Another_epoch_is_not_recovered()
    {
        await using var writer = await ConnectAsync();
        var seen = await SeeAsync(writer, "news", 2);
        await using var reader = await ConnectAsync();

        var entered = await reader.SubscribeAsync("news", seen with { Epoch = "of old" });

        Assert.False(entered.Recovered);
        Assert.Equal(seen, entered.Position);
    }

    [Fact]
    public async Task An_offset_that_was_never_given_is_not_recovered()
    {
        await using var writer = await ConnectAsync();
        var seen = await SeeAsync(writer, "news", 2);
        await using var reader = await ConnectAsync();

        Assert.False((await reader.SubscribeAsync("news", seen with { Offset = 3 })).Recovered);
    }

    [Fact]
    public async Task Where_there_is_no_history_who_missed_something_is_not_recovered()
    {
        await using var watcher = await ConnectAsync();
        await watcher.SubscribeAsync("live/news", from: null);
        var seen = await SeeAsync(watcher, "live/news", 1);
        await watcher.PublishAsync("live/news", "message 2", id: null);
        await using var reader = await ConnectAsync();

        Assert.False((await reader.SubscribeAsync("live/news", seen)).Recovered);
    }

    [Fact]
    public async Task Subscribers_that_come_and_go_while_others_publish_see_every_offset_once()
    {
        const int Messages = 2_000;
        await using var writer = await ConnectAsync();
        // More than the history keeps would rightly be lost, so the publisher goes on only when the reader has caught up.
        await using var reader = await ConnectAsync();
        var entered = await reader.SubscribeAsync("news", from: null);
        var position = entered.Position;
        var received = new List<long>();

        for (var sent = 0; sent < Messages; sent += 50)
        {
            var publishing = PublishAsync(writer, 50);
            await using var guest = await ConnectAsync("guest");
            var back = await guest.SubscribeAsync("news", position);
            Assert.True(back.Recovered);
            await publishing;
            received.AddRange((await guest.WaitForAsync(50)).Select(message => message.Offset));
            position = position with { Offset = received[^1] };
        }

        Assert.Equal(Enumerable.Range(1, Messages).Select(offset => (long)offset), received);
        Assert.Equal(received, (await reader.WaitForAsync(Messages)).Select(message => message.Offset));
    }

    private static async Task PublishAsync(IConnection writer, int count)
    {
        await Task.Yield();
        for (var i = 0; i < count; i++) await writer.PublishAsync("news", "some message", id: null);
    }

    private async Task<ChannelPosition> SeeAsync(IConnection writer, string channel, int count)
    {
        await using var reader = await ConnectAsync("the one who leaves");
        var entered = await reader.SubscribeAsync(channel, from: null);
        for (var i = 1; i <= count; i++) await writer.PublishAsync(channel, $"message {i}", id: null);
        var received = await reader.WaitForAsync(count);
        return entered.Position with { Offset = received[count - 1].Offset };
    }
}
