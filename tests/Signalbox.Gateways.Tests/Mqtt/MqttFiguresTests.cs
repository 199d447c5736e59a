using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>The figures below <c>$SYS</c>, and what is counted of MQTT.</summary>
public sealed class MqttFiguresTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Who_subscribes_to_figures_is_told_them_anew_every_interval()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var one = await port.ConnectAsync("one");
        var all = await port.ConnectAsync("all");
        await one.SubscribeAsync("$SYS/broker/clients/connected");
        await all.SubscribeAsync("$SYS/#", qos: 1);
        await one.SyncAsync();
        await all.SyncAsync();
        // Its session begins behind the answer, and counts from then on.
        var third = await port.ConnectAsync("third");
        await third.SyncAsync();

        clock.Pass(Interval);
        Assert.Equal(["$SYS/broker/clients/connected=3 q0"], await one.SyncAsync());
        clock.Pass(Interval);

        Assert.Equal(["$SYS/broker/clients/connected=3 q0"], await one.SyncAsync());
        var told = await all.SyncAsync();
        Assert.Equal(2 * 7, told.Count);
        Assert.Contains("$SYS/broker/uptime=20 seconds q0", told);
    }

    [Fact]
    public async Task Who_unsubscribes_is_told_no_more_and_who_comes_back_is()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var first = await port.ConnectAsync("a", expiry: 3600, isClean: false);
        await first.SubscribeAsync("$SYS/broker/clients/total");
        await first.SyncAsync();
        first.Drop();
        var again = await port.ConnectAsync("a", expiry: 3600, isClean: false);
        await again.SyncAsync();

        clock.Pass(Interval);
        Assert.Equal(["$SYS/broker/clients/total=1 q0"], await again.SyncAsync());
        await again.UnsubscribeAsync("$SYS/broker/clients/total");
        clock.Pass(Interval);
        clock.Pass(Interval);

        Assert.Empty(await again.SyncAsync());
    }

    [Fact]
    public async Task An_interval_of_nothing_tells_them_only_once()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan =>
        {
            plan.Clock = clock;
            plan.Mqtt.FiguresInterval = TimeSpan.Zero;
        });
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("$SYS/broker/clients/total");
        Assert.Single(await client.SyncAsync());

        clock.Pass(TimeSpan.FromHours(1));

        Assert.Empty(await client.SyncAsync());
    }

    [Fact]
    public async Task What_is_done_over_MQTT_is_counted_as_the_commands_of_others_are()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("news");
        await client.UnsubscribeAsync("news");
        await client.PublishAsync("news", "1");
        await client.PublishAsync("news", "2", qos: 1, id: 1);
        await client.PublishAsync("$SYS/mine", "3", qos: 1, id: 2);
        await client.SyncAsync();

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"http://{port.HttpEndPoint}/metrics"), TestContext.Current.CancellationToken);

        Assert.Contains("""signalbox_commands_total{command="hello",outcome="ok"} 1""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_commands_total{command="subscribe",outcome="ok"} 1""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_commands_total{command="unsubscribe",outcome="ok"} 1""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_commands_total{command="publish",outcome="ok"} 2""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_commands_total{command="publish",outcome="bad_key"} 1""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_commands_total{command="ping",outcome="ok"} 2""", metrics, StringComparison.Ordinal);
        Assert.Contains("""signalbox_connections{protocol="mqtt"} 1""", metrics, StringComparison.Ordinal);
    }
}
