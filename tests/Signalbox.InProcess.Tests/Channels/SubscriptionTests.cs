using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess.Tests.Channels;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Who_disposes_of_a_subscription_has_left_and_its_reader_ends()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        var news = await signalbox.SubscribeAsync("news", cancellationToken: Token);
        var reading = news.ToListAsync(Token).AsTask();

        await news.DisposeAsync();

        Assert.Empty(await reading);
        Assert.Empty(await signalbox.PresenceAsync("news", Token));
        Assert.Empty(await signalbox.ChannelsAsync(cancellationToken: Token).ToListAsync(Token));
        Assert.Equal(0, (await signalbox.PublishAsync("news", "hello", cancellationToken: Token)).Receivers);
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        await using var news = await signalbox.SubscribeAsync("news", cancellationToken: Token);
        using var impatience = new CancellationTokenSource();
        var reading = news.FirstAsync(impatience.Token).AsTask();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await signalbox.PublishAsync("news", "hello", cancellationToken: Token);

        Assert.Equal("hello", (await news.FirstAsync(Token)).Text);
    }

    [Fact]
    public async Task Who_is_not_let_in_is_not_there()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();

        var refused = await Assert.ThrowsAsync<SignalboxException>(() => signalbox.SubscribeAsync("a/#/b", cancellationToken: Token));

        Assert.Equal(ErrorCode.BadKey, refused.Code);
        Assert.Empty(await signalbox.ChannelsAsync(cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Who_wants_not_to_be_seen_is_not_present()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();

        await using var shy = await signalbox.SubscribeAsync("news", new SubscribeOptions { IsPresent = false }, Token);

        Assert.Empty(await signalbox.PresenceAsync("news", Token));
    }

    [Fact]
    public async Task A_history_that_is_gone_is_told_before_what_follows()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        var gaps = new List<Gap>();
        var options = new SubscribeOptions { Since = new("another", 7), OnGap = gaps.Add };
        await using var news = await signalbox.SubscribeAsync("news", options, Token);

        await signalbox.PublishAsync("news", "hello", cancellationToken: Token);

        Assert.Equal("hello", (await news.FirstAsync(Token)).Text);
        Assert.Equal((GapReason.HistoryGone, 7L), (gaps[0].Reason, gaps[0].After.Offset));
    }

    [Theory]
    [InlineData("", ErrorCode.BadKey)]
    [InlineData("a\u0007", ErrorCode.BadKey)]
    [InlineData("a/+", ErrorCode.BadKey)]
    [InlineData("$x", ErrorCode.Forbidden)]
    public async Task What_is_no_channel_to_publish_to_is_refused_as_a_client_is(string channel, ErrorCode code)
    {
        using var engine = await TestEngine.StartAsync();

        var refused = await Assert.ThrowsAsync<SignalboxException>(
            () => engine.Connect().PublishAsync(channel, "hello", cancellationToken: Token));

        Assert.Equal(code, refused.Code);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
