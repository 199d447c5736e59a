using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.Calls;

public sealed class FailureTests
{
    [Fact]
    public async Task A_command_under_way_when_the_connection_breaks_has_an_unknown_outcome()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var publishing = driver.Client.PublishAsync("c", "v");
        await peer.ExpectAsync("publish");

        await driver.BreakAsync(peer);

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => publishing.Soon());
        Assert.Equal(Outcome.Unknown, lost.Outcome);
    }

    [Fact]
    public async Task A_command_with_an_id_is_sent_again_on_the_next_connection()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var publishing = driver.Client.PublishAsync("c", "v", new PublishOptions { Id = "once" });
        await peer.ExpectAsync("publish");

        var next = await driver.ReconnectAsync(peer);
        var repeat = await next.ExpectAsync("publish");
        await next.ReplyAsync(repeat, "\"published\":1,\"offset\":4");

        Assert.Equal("\"once\"", repeat["id"]);
        Assert.Equal(4, (await publishing.Soon()).Offset);
    }

    [Fact]
    public async Task A_command_that_only_reads_is_sent_again()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var getting = driver.Client.GetAsync("k");
        await peer.ExpectAsync("get");

        var next = await driver.ReconnectAsync(peer);
        await next.ReplyAsync(await next.ExpectAsync("get"), "\"value\":null");

        Assert.Null(await getting.Soon());
    }

    [Fact]
    public async Task Commands_issued_without_a_connection_are_sent_on_the_next_one_in_order()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await driver.BreakAsync(peer);

        var first = driver.Client.SetAsync("a", "1");
        var second = driver.Client.SetAsync("b", "2");
        var next = await driver.GreetAfterPauseAsync();
        var a = await next.ExpectAsync("set");
        var b = await next.ExpectAsync("set");
        await next.ReplyAsync(a, "\"version\":1");
        await next.ReplyAsync(b, "\"version\":2");

        Assert.Equal("a", a.Key);
        Assert.Equal(1, await first.Soon());
        Assert.Equal(2, await second.Soon());
    }

    [Fact]
    public async Task The_first_command_connects()
    {
        await using var driver = new ClientDriver();

        var counting = driver.Client.CountKeysAsync();
        var peer = await driver.GreetAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");

        Assert.Equal(1, await counting.Soon());
    }

    [Fact]
    public async Task A_command_that_finds_no_connection_in_time_was_not_sent()
    {
        await using var driver = new ClientDriver();
        await driver.BreakAsync(await driver.ConnectAsync());

        var publishing = driver.Client.PublishAsync("c", "v");
        driver.Clock.Pass(12 * ClientDriver.Second);

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => publishing.Soon());
        Assert.Equal(Outcome.NotSent, lost.Outcome);
    }

    [Fact]
    public async Task Without_reconnecting_a_command_fails_at_once_until_somebody_connects()
    {
        await using var driver = new ClientDriver(options => options.Reconnect = false);
        var change = await driver.BreakAsync(await driver.ConnectAsync());

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => driver.Client.CountKeysAsync().Soon());
        Assert.Equal(Outcome.NotSent, lost.Outcome);
        Assert.Null(change.RetryIn);

        var peer = await driver.ConnectAsync();
        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");
        Assert.Equal(1, await counting.Soon());
    }

    [Fact]
    public async Task A_reply_that_does_not_come_in_time_is_a_timeout_and_the_connection_lives()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var setting = driver.Client.SetAsync("k", "v");
        var set = await peer.ExpectAsync("set");

        driver.Clock.Pass(12 * ClientDriver.Second);
        await Assert.ThrowsAsync<SignalboxTimeoutException>(() => setting.Soon());

        await peer.ReplyAsync(set, "\"version\":1");
        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");
        Assert.Equal(1, await counting.Soon());
    }

    [Fact]
    public async Task An_error_tells_its_code_and_when_to_try_again()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var publishing = driver.Client.PublishAsync("c", "v");

        await peer.FailAsync(await peer.ExpectAsync("publish"), 429, "\"retryAfter\":1500,\"remaining\":0");

        var error = await Assert.ThrowsAsync<SignalboxException>(() => publishing.Soon());
        Assert.Equal(ErrorCode.RateLimited, error.Code);
        Assert.Equal(1.5 * ClientDriver.Second, error.RetryAfter);
        Assert.Equal(0, error.Remaining);
        Assert.True(error.MayRetry);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_an_answer()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var setting = driver.Client.SetAsync("lock", "me", new SetOptions { IfAbsent = true });

        var set = await peer.ExpectAsync("set");
        await peer.FailAsync(set, 409);

        Assert.Equal("\"absent\"", set["if"]);
        Assert.Null(await setting.Soon());
    }

    [Fact]
    public async Task A_command_above_the_limit_is_refused_before_it_harms_the_connection()
    {
        await using var driver = new ClientDriver(options => options.MaxFrameBytes = 2048);
        var peer = await driver.ConnectAsync();

        var error = await Assert.ThrowsAsync<SignalboxException>(() => driver.Client.SetAsync("k", new string('x', 3000)).Soon());
        Assert.Equal(ErrorCode.LimitExceeded, error.Code);

        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");
        Assert.Equal(1, await counting.Soon());
    }

    [Fact]
    public async Task A_cancelled_command_ends_at_once_and_its_reply_is_passed_over()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var getting = driver.Client.GetAsync("k", cancellation.Token);
        var get = await peer.ExpectAsync("get");

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting.Soon());

        await peer.ReplyAsync(get, "\"value\":1,\"version\":1");
        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");
        Assert.Equal(1, await counting.Soon());
    }

    [Fact]
    public async Task A_command_that_was_cancelled_before_it_was_sent_is_never_sent()
    {
        await using var driver = new ClientDriver();
        await driver.BreakAsync(await driver.ConnectAsync());
        using var cancellation = new CancellationTokenSource();
        var setting = driver.Client.SetAsync("k", "v", cancellationToken: cancellation.Token);
        var counting = driver.Client.CountKeysAsync();

        await cancellation.CancelAsync();
        var peer = await driver.GreetAfterPauseAsync();

        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":1");
        Assert.Equal(1, await counting.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setting.Soon());
    }

    [Fact]
    public async Task Disposing_of_the_client_fails_what_is_under_way_and_what_comes_later()
    {
        var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var setting = driver.Client.SetAsync("k", "v");
        await peer.ExpectAsync("set");

        await driver.DisposeAsync();

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => setting.Soon());
        Assert.Equal(Outcome.Unknown, lost.Outcome);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => driver.Client.CountKeysAsync().Soon());
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0x7F, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 6, (byte)'[', (byte)']' })]
    [InlineData(new byte[] { 0, 0, 0, 6, (byte)'{', (byte)'{' })]
    public async Task What_is_no_reply_ends_the_connection_and_says_so(byte[] garbage)
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        await peer.SendRawAsync(garbage);

        var change = await driver.WaitForAsync(ConnectionState.Disconnected);
        Assert.IsType<InvalidDataException>(change.Reason);
    }
}
