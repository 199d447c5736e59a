using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Mqtt;
using Signalbox.Transport;

namespace Signalbox.Gateways.Tests.Watching;

/// <summary>What a server still does when every loop of it waits for a gate.</summary>
[Collection("alone")]
public sealed class StandstillTests
{
    private const int Stands = 2511;
    private const int AllThreads = 2512;
    private const int GoesOn = 2513;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_answered_the_log_says_what_stands_and_all_goes_on_when_it_can()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var log = new AwaitedLog();
        var loops = new HeldLoops();
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Logs = log;
            plan.Services = loops.Add;
        });
        using var end = loops.AtTheEnd();
        var held = await HoldAsync(loops, () => host.RawAsync());

        loops.Clock.Pass(TimeSpan.FromSeconds(6));
        var stands = await log.NextAsync(Stands, Token);
        await log.NextAsync(AllThreads, Token);

        Assert.Contains("loop 'poll ", stands, StringComparison.Ordinal);
        foreach (var path in new[] { "/health/live", "/health/ready", "/hash/k", "/metrics" })
        {
            var answer = await AnswerAsync(host, path);
            Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
            Assert.Contains("Standing still", answer, StringComparison.Ordinal);
        }

        loops.LetGo();
        await log.NextAsync(GoesOn, Token);
        foreach (var raw in held)
        {
            Assert.StartsWith("HTTP/1.1 200", await raw.ReadToEndAsync(), StringComparison.Ordinal);
            raw.Dispose();
        }

        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync(host, "/health/live"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_one_loop_stands_the_others_get_its_connections()
    {
        Assert.SkipUnless(PollTransport.IsSupported && Environment.ProcessorCount > 1, "There is one loop, or none.");
        var loops = new HeldLoops();
        await using var host = await HttpHost.StartAsync(plan => plan.Services = loops.Add);
        using var end = loops.AtTheEnd();
        loops.Hold();
        using var held = await host.RawAsync();
        await held.SendAsync("GET /health/live HTTP/1.1\nConnection: close");
        loops.WaitUntilOneStands(Token);
        loops.HoldNoMore();
        loops.Clock.Pass(TimeSpan.FromSeconds(2));

        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            Assert.StartsWith("HTTP/1.1 200", await AnswerAsync(host, "/health/live"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connections_that_are_not_http_are_sent_away_at_once()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        var loops = new HeldLoops();
        await using var port = await MqttPort.StartAsync(plan => plan.Services = loops.Add);
        using var end = loops.AtTheEnd();
        var held = await HoldAsync(loops, () => RawHttp.OpenAsync(port.HttpEndPoint, null));
        loops.Clock.Pass(TimeSpan.FromSeconds(6));

        await (await port.OpenAsync()).ReadEndAsync("the end");
        await (await port.TalkJsonAsync()).ReadEndAsync("the end");

        loops.LetGo();
        foreach (var raw in held) raw.Dispose();
    }

    // As many connections as there are loops: each loop gets one.
    private static async Task<List<RawHttp>> HoldAsync(HeldLoops loops, Func<Task<RawHttp>> open)
    {
        var held = new List<RawHttp>();
        loops.Hold();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            var raw = await open();
            held.Add(raw);
            await raw.SendAsync("GET / HTTP/1.1\nConnection: close");
        }

        loops.WaitUntilAllStand(Token);
        return held;
    }

    private static async Task<string> AnswerAsync(HttpHost host, string path)
    {
        using var raw = await host.RawAsync();
        await raw.SendAsync($"GET {path} HTTP/1.1\nConnection: close");
        return await raw.ReadToEndAsync();
    }
}
