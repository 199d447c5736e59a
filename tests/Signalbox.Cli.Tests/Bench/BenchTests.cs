using System.Globalization;
using System.Text.Json;
using Signalbox.Cli.Bench;
using Signalbox.TestKit;

namespace Signalbox.Cli.Tests.Bench;

public sealed class BenchTests(TestServer server)
{
    private readonly Cli _cli = Cli.At(server);

    public static TheoryData<string> Kinds => new(
        "fanout --subs 2 --depth 2 --size 64",
        "kv --conns 1 --depth 2",
        "queue --conns 2 --depth 1",
        "idle --conns 3");

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bench_prints_every_figure(string kind)
    {
        var ended = await _cli.RunAsync(["bench", .. kind.Split(' '), "--duration", "300ms"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        var heads = new List<string> { kind.Split(' ')[0], "throughput", "latency p50", "latency p99", "latency p99.9" };
        if (OperatingSystem.IsLinux()) heads.AddRange(["server CPU", "server memory"]);
        Assert.Equal(heads, ended.Lines.Select(line => line[..16].TrimEnd()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bench_says_its_figures_in_JSON(string kind)
    {
        var figures = Assert.Single(await _cli.JsonAsync(["bench", .. kind.Split(' '), "--duration", "300ms"]));

        Assert.True(figures.GetProperty("count").GetInt64() > 0);
        Assert.True(figures.GetProperty("perSecond").GetDouble() > 0);
        var latencies = new[] { "p50Ms", "p99Ms", "p999Ms" }.Select(name => figures.GetProperty(name).GetDouble()).ToList();
        Assert.True(latencies[0] > 0);
        Assert.Equal(latencies.Order(), latencies);
        if (!OperatingSystem.IsLinux()) return;

        Assert.True(figures.GetProperty("serverCpuSeconds").GetDouble() >= 0);
        Assert.Equal(JsonValueKind.Number, figures.GetProperty("serverCpuSecondsPerMillion").ValueKind);
        Assert.True(figures.GetProperty("serverMemoryBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task A_bench_of_seconds_tells_each_of_them_on_stderr()
    {
        var ended = await _cli.RunAsync("bench", "kv", "--conns", "1", "--depth", "1", "--duration", "2500ms");

        // On a machine with other things to do a second may be late, and two may be one.
        Assert.Matches(@"^(   \d s +[\d,]+/s  p99 [\d.]+ms\r?\n)+$", ended.Error);
    }

    [Fact]
    public async Task A_bench_leaves_neither_keys_nor_items()
    {
        // Its own server: other benches are at work on the common one.
        await using var own = new TestServer();
        await own.InitializeAsync();
        var cli = Cli.At(own);

        var keyBench = await cli.RunAsync("bench", "kv", "--conns", "1", "--duration", "100ms");
        var queueBench = await cli.RunAsync("bench", "queue", "--conns", "1", "--duration", "100ms");

        Assert.Equal((0, 0), (keyBench.Code, queueBench.Code));
        Assert.Empty((await cli.RunAsync("keys")).Output);
        Assert.Empty((await cli.RunAsync("queues")).Output);
    }

    [Fact]
    public void The_server_is_found_by_its_port()
    {
        var found = ServerProcess.Find(server.Address);

        Assert.Equal(OperatingSystem.IsLinux() ? Environment.ProcessId : null, found?.Id);
        Assert.True(!OperatingSystem.IsLinux() || found?.Read()?.Cpu > TimeSpan.Zero);
    }

    [Fact]
    public void Where_nobody_listens_no_server_is_found()
    {
        var port = FreePorts.Next().ToString(CultureInfo.InvariantCulture);

        Assert.Null(ServerProcess.Find($"127.0.0.1:{port}"));
        Assert.Null(ServerProcess.Find("example.org:80"));
    }
}
