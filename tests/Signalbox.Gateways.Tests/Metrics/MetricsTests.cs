using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Security;

namespace Signalbox.Gateways.Tests.Metrics;

/// <summary>What is counted, and who may see it.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task What_connections_do_is_counted_by_protocol_command_and_outcome()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        await client.AskAsync("""{"command":"publish","key":"news","value":1,"seq":2}""");
        await client.ReadAsync("the message");
        await client.AskAsync("""{"command":"get","seq":3}""");
        await client.AskAsync("""{"command":"fly","seq":4}""");

        var metrics = await ReadAsync(host);

        Assert.Equal(1, metrics["""signalbox_connections{protocol="ws"}"""]);
        Assert.Equal(0, metrics["""signalbox_connections{protocol="tcp"}"""]);
        Assert.Equal(1, metrics["""signalbox_commands_total{command="publish",outcome="ok"}"""]);
        Assert.Equal(1, metrics["""signalbox_commands_total{command="get",outcome="malformed"}"""]);
        Assert.Equal(1, metrics["""signalbox_commands_total{command="none",outcome="unknown_command"}"""]);
        Assert.Equal(1, metrics["signalbox_subscriptions"]);
        Assert.Equal(1, metrics["signalbox_messages_published_total"]);
        Assert.Equal(1, metrics["signalbox_messages_delivered_total"]);
        Assert.InRange(metrics["""signalbox_received_bytes_total{protocol="ws"}"""], 100, 1000);
        Assert.InRange(metrics["""signalbox_sent_bytes_total{protocol="ws"}"""], 200, 2000);
    }

    [Fact]
    public async Task Names_that_Prometheus_does_not_take_are_written_so_that_it_does()
    {
        await using var host = await HttpHost.StartAsync();
        var odd = host.Meters.Create("Signalbox.Odd").CreateCounter<long>("odd-requests/done.well");

        odd.Add(3, KeyValuePair.Create<string, object?>("how-long", "1ms"));

        Assert.Equal(3, (await ReadAsync(host))["""odd_requests_done_well_total{how_long="1ms"}"""]);
    }

    [Fact]
    public async Task The_end_of_a_connection_is_counted_by_its_reason()
    {
        await using var host = await HttpHost.StartAsync();
        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            var isIt = instrument.Name == "signalbox.connections.closed" && instrument.Meter.Scope == host.Meters;
            if (isIt) meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => counted.TrySetResult());
        listener.Start();
        var client = await host.ConnectAsync();

        await client.SendRawAsync(new byte[] { 0x81, 0x00 });
        await counted.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var metrics = await ReadAsync(host);
        Assert.Equal(1, metrics["""signalbox_connections_closed_total{protocol="ws",reason="peer"}"""]);
        Assert.Equal(0, metrics["""signalbox_connections{protocol="ws"}"""]);
    }

    [Fact]
    public async Task Items_leases_keys_and_waiting_pops_are_counted()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();
        for (var i = 0; i < 3; i++) await client.AskAsync("""{"command":"qpush","key":"jobs","value":1,"seq":1}""");
        await client.AskAsync("""{"command":"qpush","key":"jobs","value":1,"delay":60000,"seq":1}""");
        await client.AskAsync("""{"command":"qpop","key":"jobs","reserve":60000,"seq":1}""");
        await client.AskAsync("""{"command":"set","key":"a","value":1,"seq":1}""");
        await client.SendAsync("""{"command":"qpop","key":"empty","block":true,"seq":1}""");
        await client.AskAsync("""{"command":"ping","seq":1}""");

        var metrics = await ReadAsync(host);

        Assert.Equal(2, metrics["""signalbox_queue_items{state="ready"}"""]);
        Assert.Equal(1, metrics["""signalbox_queue_items{state="delayed"}"""]);
        Assert.Equal(1, metrics["""signalbox_queue_items{state="leased"}"""]);
        Assert.Equal(0, metrics["""signalbox_queue_items{state="dead"}"""]);
        Assert.Equal(1, metrics["signalbox_keys"]);
        Assert.Equal(2, metrics["signalbox_queues"]);
        Assert.Equal(1, metrics["signalbox_pops_blocked"]);
    }

    [Fact]
    public async Task No_name_of_a_users_making_is_in_what_is_counted_and_every_line_is_one_that_prometheus_reads()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Rule("secretly/#", ChannelOptions.Default));
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":"secretly/a","seq":1}""");
        await client.AskAsync("""{"command":"publish","key":"secretly/b","value":1,"seq":1}""");
        await client.AskAsync("""{"command":"qpush","key":"secretly","value":1,"seq":1}""");
        await client.AskAsync("""{"command":"secretly","seq":1}""");
        using var http = await host.ClientAsync();

        var answer = await http.GetAsync("/metrics");

        Assert.Equal(MetricsText.ContentType, answer.ContentType);
        Assert.DoesNotContain("secretly", answer.Body, StringComparison.Ordinal);
        Assert.All(answer.Body.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
    }

    [Fact]
    public async Task With_keys_it_takes_the_right_to_see_it()
    {
        await using var host = await HttpHost.StartAsync(
            plan => plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret }));
        using var http = await host.ClientAsync();

        Assert.Equal(401, (await http.GetAsync("/metrics")).Status);
        Assert.Equal(401, (await http.GetAsync("/metrics", "Authorization: Bearer x")).Status);
        Assert.Equal(403, (await http.GetAsync("/metrics", Bearer("""{"publish":["#"]}"""))).Status);
        Assert.Equal(200, (await http.GetAsync("/metrics", Bearer("""{"metrics":true}"""))).Status);
        Assert.Equal(200, (await http.GetAsync("/metrics", Bearer("""{"admin":true}"""))).Status);
    }

    [Fact]
    public void What_threads_have_counted_stays_when_they_are_gone()
    {
        var tallies = new Tallies(2);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 1000; i++) tallies.Add(1, 2);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal([0, 16_000], tallies.Sum());
        Assert.Equal([0, 16_000], tallies.Sum());
    }

    private static string Bearer(string rights) =>
        $"Authorization: Bearer {TokenMaker.Token(TimeProvider.System.GetUtcNow(), null, rights)}";

    private static async Task<Dictionary<string, double>> ReadAsync(HttpHost host)
    {
        using var http = await host.ClientAsync();
        var text = (await http.GetAsync("/metrics")).Body;
        return text.TrimEnd('\n').Split('\n').Where(line => line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[line.LastIndexOf(' ')..], System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [0-9.E+-]+)$""")]
    private static partial Regex Line();
}
