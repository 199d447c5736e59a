using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.BadInput;

/// <summary>Good frames in bad pieces, and frames that promise what does not come.</summary>
public sealed class FramingTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    [Fact]
    public async Task Two_frames_are_understood_wherever_they_are_cut()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();
        var frames = DispatcherDriver.Frames(Ping, """{"command":"count","seq":2}""");

        for (var cut = 1; cut < frames.Length; cut++)
        {
            await client.SendRawAsync(frames.AsMemory(0, cut));
            await client.SendRawAsync(frames.AsMemory(cut));

            Assert.Equal("1", (await client.ReadAsync($"the first answer, cut at {cut}")).Field("seq"));
            Assert.Equal("2", (await client.ReadAsync($"the second answer, cut at {cut}")).Field("seq"));
        }
    }

    [Fact]
    public async Task A_frame_may_come_one_byte_at_a_time()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();

        foreach (var one in DispatcherDriver.Frames(Ping)) await client.SendRawAsync(new[] { one });

        Assert.Equal("1", (await client.ReadAsync("the answer to a frame in single bytes")).Field("seq"));
    }

    [Fact]
    public async Task Many_frames_may_come_at_once_and_are_answered_in_order()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();
        var numbers = Enumerable.Range(0, 5_000).ToArray();

        var sending = client.SendAsync([.. numbers.Select(n => $"{{\"command\":\"ping\",\"seq\":{n}}}")]);

        foreach (var n in numbers) Assert.Equal($"{n}", (await client.ReadAsync($"answer {n}")).Field("seq"));
        await sending;
    }

    [Fact]
    public async Task A_frame_of_the_longest_length_is_taken_and_one_byte_more_is_not()
    {
        await using var host = await DispatcherHost.StartAsync(plan => plan.Tcp.MaxFrameBytes = 2000);
        var client = await host.ConnectAsync();
        var body = Ping + new string(' ', 2000 - 4 - Ping.Length);

        Assert.Equal("1", (await client.AskAsync(body)).Field("seq"));

        Assert.Equal("frame_too_large", (await client.AskAsync(body + " ")).Field("reason"));
        await client.ReadEndAsync("the end that follows the error");
    }

    [Fact]
    public async Task A_frame_as_long_as_the_default_limit_is_taken()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();
        const int most = 1024 * 1024;

        Assert.Equal("1", (await client.AskAsync(Ping + new string(' ', most - 4 - Ping.Length))).Field("seq"));
    }

    [Fact]
    public async Task Commands_before_bad_ones_are_answered_and_those_behind_them_are_not_done()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();

        await client.SendAsync(Ping, "not JSON", """{"command":"set","key":"k","value":1,"seq":2}""");

        Assert.Equal("1", (await client.ReadAsync("the answer to the good command")).Field("seq"));
        Assert.Equal("760", (await client.ReadAsync("the error")).Field("code"));
        await client.ReadEndAsync("the end that follows the error");
        var other = await host.ConnectAsync("other");
        Assert.Equal("0", (await other.AskAsync("""{"command":"count","seq":1}""")).Field("value"));
    }

    [Fact]
    public async Task A_connection_that_ends_within_a_frame_is_put_away()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync();
        var frame = DispatcherDriver.Frames(Ping);

        await client.SendRawAsync(frame.AsMemory(0, frame.Length - 1));
        client.EndSending();

        await client.ReadEndAsync("the end of a connection with half a frame");
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so_and_closed_and_the_place_of_one_that_leaves_is_free()
    {
        await using var host = await DispatcherHost.StartAsync(plan => plan.Tcp.MaxConnections = 1);
        var first = await host.ConnectAsync("first");
        await first.AskAsync(Ping);
        var second = await host.ConnectAsync("second");

        Assert.Equal("too_many_connections", (await second.ReadAsync("that there are too many")).Field("reason"));
        await second.ReadEndAsync("its end");
        Assert.Equal("1", (await first.AskAsync(Ping)).Field("seq"));

        first.EndSending();
        await first.ReadEndAsync("the end of the first");
        var third = await host.ConnectAsync("third");
        Assert.Equal("1", (await third.AskAsync(Ping)).Field("seq"));
    }
}
