using System.Globalization;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Properties;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A channel with a history keeps it for all that are away, and not once for each of them.</summary>
public sealed class MqttHistoryTests
{
    [Fact]
    public async Task Who_was_away_gets_from_the_history_what_came_meanwhile_before_what_comes_now()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("log/a", qos: 1);
        var writer = await server.Port.ConnectAsync("writer");
        await PublishAsync(writer, 1, 2);
        Assert.Equal(["log/a=1 q1", "log/a=2 q1"], await TakeAsync(reader, 2));
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        await PublishAsync(writer, 3, 50);

        var back = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);
        await PublishAsync(writer, 51, 60);

        Assert.Equal(Enumerable.Range(3, 58).Select(i => $"log/a={i} q1"), await TakeAsync(back, 58));
    }

    [Fact]
    public async Task Nothing_is_written_for_a_client_that_is_away_but_in_the_channel()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("log/a", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");

        await PublishAsync(await server.Port.ConnectAsync("writer"), 1, 50);
        var id = Assert.Single(await server.Port.Engine.ListMqttSessionsAsync(CancellationToken.None));
        var kept = await server.Port.Engine.MqttSession(id).FactsAsync(CancellationToken.None);

        Assert.DoesNotContain(kept, fact => fact is Core.Mqtt.MessageQueued);
    }

    [Fact]
    public async Task What_was_acknowledged_to_its_publisher_comes_after_a_kill_though_the_reader_was_away_or_had_not_answered()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("log/a", qos: 1);
        var writer = await server.Port.ConnectAsync("writer");
        await PublishAsync(writer, 1, 3);
        Assert.Equal("log/a=1 q1", (await reader.ReadAsync("the first")).Text);
        await reader.AckAsync(MqttPacketType.PubAck, 1);
        reader.Drop();
        await PublishAsync(writer, 4, 9);

        await server.KillAsync();
        var back = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);
        var came = (await TakeAsync(back, 8, isLast: text => text.StartsWith("log/a=9 ", StringComparison.Ordinal)))
            .Select(text => int.Parse(text.Split('=', ' ')[1], CultureInfo.InvariantCulture)).Distinct();

        Assert.Equal(Enumerable.Range(2, 8), came.Where(number => number > 1));
    }

    [Fact]
    public async Task What_the_history_has_lost_is_told_as_the_client_comes_back()
    {
        await using var server = await MqttRestart.StartAsync(
            plan => plan.Rule("short", MqttRestart.WithHistory with { HistorySize = 3 }));
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("short", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        var writer = await server.Port.ConnectAsync("writer");
        await PublishAsync(writer, 1, 10, "short");

        var back = await server.Port.OpenAsync("back");
        var answer = await back.ConnectAsync("reader", isClean: false, expiry: 100);

        Assert.Equal(["missed=7"], answer.UserProperties());
        Assert.Equal(["short=8 q1", "short=9 q1", "short=10 q1"], await TakeAsync(back, 3));
    }

    [Fact]
    public async Task MQTT_3_2_2_20_What_was_missed_is_left_out_where_it_makes_a_packet_too_large()
    {
        await using var server = await MqttRestart.StartAsync(
            plan => plan.Rule("short", MqttRestart.WithHistory with { HistorySize = 3 }));
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("short", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        await PublishAsync(await server.Port.ConnectAsync("writer"), 1, 10, "short");

        var back = await server.Port.OpenAsync("back");
        var answer = await back.ConnectAsync("reader", isClean: false, change: connect => connect with
        {
            Properties = Properties(to => to
                .Add(MqttPropertyId.SessionExpiryInterval, 100)
                .Add(MqttPropertyId.MaximumPacketSize, 25)),
        });

        Assert.Empty(answer.UserProperties());
        Assert.Equal(["short=8 q1", "short=9 q1", "short=10 q1"], await TakeAsync(back, 3));
    }

    [Fact]
    public async Task A_client_that_takes_few_at_a_time_misses_nothing_that_the_history_has()
    {
        await using var server = await MqttRestart.StartAsync(plan =>
        {
            plan.Mqtt.MaxQueuedMessages = 5;
            plan.Rule("long", MqttRestart.WithHistory with { HistorySize = 1000 });
        });
        var reader = await server.Port.OpenAsync("reader");
        await reader.ConnectAsync("reader", expiry: 100, change: connect => connect with
        {
            Properties = Properties(to => to
                .Add(MqttPropertyId.SessionExpiryInterval, 100)
                .Add(MqttPropertyId.ReceiveMaximum, 2)),
        });
        await reader.SubscribeAsync("long", qos: 1);
        var writer = await server.Port.ConnectAsync("writer");
        await PublishAsync(writer, 1, 300, "long");

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"long={i} q1"), await TakeAsync(reader, 300));
    }

    [Fact]
    public async Task A_numbering_that_begins_anew_hides_nothing()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("log/a", qos: 1);

        // Nothing was published, so nothing is known of the channel after this.
        await server.KillAsync();
        await PublishAsync(await server.Port.ConnectAsync("writer"), 1, 2);
        var back = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);

        Assert.Equal(["log/a=1 q1", "log/a=2 q1"], await TakeAsync(back, 2));
    }

    private static async Task PublishAsync(MqttTalker writer, int first, int last, string channel = "log/a")
    {
        for (var i = first; i <= last; i++)
        {
            await writer.PublishAsync(channel, $"{i}", qos: 1, id: (ushort)i);
            await writer.ReadAsync("PUBACK");
        }
    }

    /// <summary>Reads messages of QoS 1 and acknowledges them.</summary>
    private static async Task<List<string>> TakeAsync(MqttTalker reader, int count, Func<string, bool>? isLast = null)
    {
        var taken = new List<string>();
        while (isLast is null ? taken.Count < count : taken.Count == 0 || !isLast(taken[^1]))
        {
            var packet = await reader.ReadAsync($"message {taken.Count + 1} of {count}");
            taken.Add(packet.Text);
            await reader.AckAsync(MqttPacketType.PubAck, packet.PacketId);
        }

        return taken;
    }
}
