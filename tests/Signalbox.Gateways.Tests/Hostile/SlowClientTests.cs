using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Hostile;

/// <summary>
/// Who begins something and does not end it holds a connection for as long as a setting says, and no longer.
/// </summary>
public sealed class SlowClientTests
{
    private const byte FirstFragment = 0x01;
    private const byte NextFragment = 0x00;

    // The framework measures this one by its own clock.
    [Fact]
    public async Task Half_a_request_is_cut_off_after_the_time_for_heads()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.HeadersTimeout = TimeSpan.FromSeconds(1));
        string[] beginnings =
        [
            "G",
            "GET /sse?channel=news HTTP/1.1\r\nHost: a\r\n",
            "POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nX-Slow: ",
            "PUT /hash/k HTTP/1.1\r\nHost: a\r\n\r",
        ];

        var answers = await Task.WhenAll(beginnings.Select(async beginning =>
        {
            using var raw = await host.RawAsync();
            await raw.SendRawAsync(beginning);
            return await raw.ReadToEndAsync();
        }));

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal));
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task Half_a_frame_and_then_silence_is_closed_as_silence_is()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");

        // In one segment with a ping: once that is answered the half is there too, and not a sign of life that comes later.
        var ping = WebSocketDriver.Frame(WebSocketDriver.Ping, "heard?"u8);
        var half = WebSocketDriver.Frame("""{"command":"ping","seq":2}""").AsSpan(0, 9);
        await client.SendRawAsync((byte[])[.. ping, .. half]);
        Assert.Equal(WebSocketDriver.Pong, (await client.ReadFrameAsync("that it was heard")).First);
        await PassUntilClosedAsync(clock, client);

        // The client sees the end a moment before the server has put everything away.
        await host.StopAsync();
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_and_never_ends_is_no_sign_that_somebody_wants_something()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Clock = clock;
            plan.Session.IdleTimeout = TimeSpan.FromMinutes(2);
        });
        var client = await host.ConnectAsync();

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(2); passed += TimeSpan.FromSeconds(20))
        {
            var opcode = passed == TimeSpan.Zero ? FirstFragment : NextFragment;
            await client.SendRawAsync(WebSocketDriver.Frame(opcode, "{"u8));
            await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Ping, "heard?"u8));
            Assert.Equal(WebSocketDriver.Pong, (await client.ReadFrameAsync("that it was heard")).First);
            clock.Pass(TimeSpan.FromSeconds(20));
        }

        clock.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal("silent", (await client.ReadAsync("why it ended")).Field("reason"));
    }

    // At half the interval of pings the server looks who is silent; a client that does not answer is closed in the end.
    private static async Task PassUntilClosedAsync(ManualClock clock, WebSocketDriver client)
    {
        for (var n = 1; n <= 6; n++) clock.Pass(TimeSpan.FromSeconds(12.5));
        while (await client.ReadFrameAsync("why it ended") is { First: not WebSocketDriver.Text } other)
        {
            Assert.Equal(WebSocketDriver.Ping, other.First);
        }

        Assert.Equal(WebSocketDriver.Close, (await client.ReadFrameAsync("the close frame")).First);
        // It does not answer that either.
        clock.Pass(TimeSpan.FromSeconds(5));
        await client.ReadEndAsync("the end");
    }
}
