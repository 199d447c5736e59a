using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess.Tests.Channels;

public sealed class SlowReaderTests
{
    private readonly List<Gap> _gaps = [];

    [Fact]
    public async Task By_default_who_reads_too_slowly_gets_what_is_held_and_then_the_error()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        await using var news = await signalbox.SubscribeAsync("news", Holding(4), Token);

        await PublishAsync(engine, "news", 6);

        var read = new List<long>();
        var error = await Assert.ThrowsAsync<SignalboxException>(async () =>
        {
            await foreach (var message in news) read.Add(message.Offset);
        });
        Assert.Equal(ErrorCode.LimitExceeded, error.Code);
        Assert.Equal([1, 2, 3, 4], read);
    }

    [Fact]
    public async Task It_goes_on_from_the_last_message_that_it_had()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        await using var slow = await signalbox.SubscribeAsync("news", Holding(4), Token);
        await PublishAsync(engine, "news", 6);
        var last = (await ReadAsync(slow, 4))[^1].Position;

        await using var again = await signalbox.SubscribeAsync("news", Holding(4) with { Since = last }, Token);

        Assert.Equal([5, 6], (await ReadAsync(again, 2)).Select(message => message.Offset));
        Assert.Empty(_gaps);
    }

    [Fact]
    public async Task Where_the_oldest_are_dropped_the_reader_is_told_which()
    {
        using var engine = await TestEngine.StartAsync(Rule("news", SlowReaderPolicy.DropOldest));
        await using var news = await engine.Connect().SubscribeAsync("news", Holding(4), Token);

        await PublishAsync(engine, "news", 6);

        var read = await ReadAsync(news, 4);
        Assert.Equal([3, 4, 5, 6], read.Select(message => message.Offset));
        var gap = Assert.Single(_gaps);
        Assert.Equal((GapReason.LeftOut, 0L, 2L), (gap.Reason, gap.After.Offset, gap.Now.Offset));
    }

    [Fact]
    public async Task Where_only_the_latest_counts_the_others_of_its_channel_are_left_out()
    {
        using var engine = await TestEngine.StartAsync(Rule("#", SlowReaderPolicy.Latest));
        await using var all = await engine.Connect().SubscribeAsync("#", Holding(4), Token);

        await PublishAsync(engine, "weather", 1);
        await PublishAsync(engine, "news", 5);

        Assert.Equal([("weather", 1L), ("news", 4L), ("news", 5L)], (await ReadAsync(all, 3)).Select(one => (one.Channel, one.Offset)));
        Assert.Equal(3, Assert.Single(_gaps).Now.Offset);
    }

    [Fact]
    public async Task The_subscription_may_say_otherwise_than_the_channel()
    {
        using var engine = await TestEngine.StartAsync();
        var options = Holding(1) with { SlowReader = SlowReaderPolicy.Latest };
        await using var news = await engine.Connect().SubscribeAsync("news", options, Token);

        await PublishAsync(engine, "news", 3);

        Assert.Equal(3, Assert.Single(await ReadAsync(news, 1)).Offset);
    }

    [Fact]
    public async Task What_was_missed_before_is_not_counted()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        await PublishAsync(engine, "news", 9);
        var start = (await signalbox.HistoryAsync("news", cancellationToken: Token)).Messages[0].Position;

        await using var news = await signalbox.SubscribeAsync("news", Holding(4) with { Since = start }, Token);
        await PublishAsync(engine, "news", 4);

        Assert.Equal(Enumerable.Range(2, 12), (await ReadAsync(news, 12)).Select(message => (int)message.Offset));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SubscribeOptions Holding(int messages) => new() { Capacity = messages, OnGap = _gaps.Add };

    private static ChannelRule Rule(string filter, SlowReaderPolicy policy) =>
        ChannelFilter.IsValid(filter) ? new(filter, new ChannelOptions { SlowReader = policy }) : throw new ArgumentException(filter);

    /// <summary>Done when the node has passed them on.</summary>
    private static async Task PublishAsync(TestEngine engine, string channel, int count)
    {
        var signalbox = engine.Connect("publisher");
        await using var witness = await signalbox.SubscribeAsync(channel, cancellationToken: Token);
        for (var i = 0; i < count; i++) await signalbox.PublishAsync(channel, $"message {i}", cancellationToken: Token);
        await ReadAsync(witness, count);
    }

    private static async Task<List<Message>> ReadAsync(Subscription subscription, int count) =>
        await subscription.Take(count).ToListAsync(Token);
}
