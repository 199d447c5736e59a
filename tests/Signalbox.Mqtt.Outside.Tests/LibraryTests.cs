using Signalbox.Mqtt.Outside.Tests.Outside;
using Wish = Signalbox.Mqtt.Outside.Tests.Outside.ScriptedClient.Wish;

namespace Signalbox.Mqtt.Outside.Tests;

/// <summary>The libraries that most programs speak MQTT with: MQTT.js and paho, in both versions, on either transport.</summary>
public sealed class LibraryTests(MqttServer server)
{
    public static readonly TheoryData<Language, int, string> Ways = new(
        from language in Enum.GetValues<Language>()
        from version in new[] { 4, 5 }
        from transport in new[] { "tcp", "ws" }
        select (language, version, transport));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task At_every_QoS_messages_go_both_ways_in_their_order(Language language, int version, string transport)
    {
        var topic = $"both/{language}/{version}/{transport}";
        await using var reader = await OpenAsync(language, WishOf(version, transport, topic + "/reader"));
        await using var writer = await OpenAsync(language, WishOf(version, transport, topic + "/writer"));
        Assert.Equal(2, await reader.SubscribeAsync(topic, 2));

        for (var qos = 0; qos <= 2; qos++)
        {
            for (var i = 0; i < 3; i++) await writer.PublishAsync(topic, $"{qos}-{i}", qos);
        }

        var expected = Enumerable.Range(0, 9).Select(n => $"{topic}={n / 3}-{n % 3} q{n / 3}");
        Assert.Equal(expected, (await reader.ReadAsync(9)).Select(heard => $"{heard}"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Who_comes_later_gets_the_value_that_was_retained(Language language, int version, string transport)
    {
        var topic = $"value/{language}/{version}/{transport}";
        await using var writer = await OpenAsync(language, WishOf(version, transport, topic + "/writer"));
        await writer.PublishAsync(topic, "1", retain: true);
        await writer.PublishAsync(topic, "2", retain: true);

        await using var reader = await OpenAsync(language, WishOf(version, transport, topic + "/reader"));
        await reader.SubscribeAsync(topic, 1);

        Assert.Equal($"{topic}=2 q1 retained", $"{(await reader.ReadAsync(1)).Single()}");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_will_of_a_client_that_is_killed_is_published(Language language, int version, string transport)
    {
        var topic = $"will/{language}/{version}/{transport}";
        await using var reader = await OpenAsync(language, WishOf(version, transport, topic + "/reader"));
        await reader.SubscribeAsync(topic, 1);
        var mortal = await OpenAsync(
            language,
            WishOf(version, transport, topic + "/mortal") with { Will = new(topic, "gone", 1, Retain: false) });

        await mortal.DropAsync();

        Assert.Equal($"{topic}=gone q1", $"{(await reader.ReadAsync(1)).Single()}");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Who_comes_back_to_its_session_misses_nothing(Language language, int version, string transport)
    {
        var topic = $"back/{language}/{version}/{transport}";
        var wish = WishOf(version, transport, topic + "/reader") with { Clean = false };
        var first = await OpenAsync(language, wish);
        await first.SubscribeAsync(topic, 2);
        await using var writer = await OpenAsync(language, WishOf(version, transport, topic + "/writer"));
        await writer.PublishAsync(topic, "1", qos: 2);
        await first.ReadAsync(1);
        await first.LeaveAsync();
        for (var i = 2; i <= 5; i++) await writer.PublishAsync(topic, $"{i}", qos: 2);

        await using var again = ScriptedClient.Start(language, wish);

        Assert.True(await again.ReadOpenAsync());
        Assert.Equal(["2", "3", "4", "5"], (await again.ReadAsync(4)).Select(heard => heard.Payload));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Who_share_a_subscription_share_its_messages(Language language, int version, string transport)
    {
        const int count = 10;
        var topic = $"shared/{language}/{version}/{transport}";
        await using var one = await OpenAsync(language, WishOf(version, transport, topic + "/one"));
        await using var other = await OpenAsync(language, WishOf(version, transport, topic + "/other"));
        await one.SubscribeAsync("$share/workers/" + topic, 1);
        await other.SubscribeAsync("$share/workers/" + topic, 1);
        await using var writer = await OpenAsync(language, WishOf(version, transport, topic + "/writer"));

        for (var i = 0; i < count; i++) await writer.PublishAsync(topic, $"{i}");

        await Task.WhenAll(one.ReadAsync(count / 2), other.ReadAsync(count / 2));
        var all = one.Messages.Concat(other.Messages).Select(heard => int.Parse(heard.Payload, null));
        Assert.Equal(Enumerable.Range(0, count), all.Order());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_password_is_a_token(Language language, int version, string transport)
    {
        var topic = $"mine/{language}/{version}/{transport}";
        var port = transport == "ws" ? server.GuardedHttpPort : server.GuardedPort;
        var wish = new Wish(version, transport, port, topic) { User = "device" };
        await using var stranger = ScriptedClient.Start(language, wish with { Password = "no token" });
        await stranger.ReadRefusedAsync();

        await using var known = await OpenAsync(language, wish with { Password = MqttServer.Token() });

        Assert.Equal(1, await known.SubscribeAsync(topic, 1));
        Assert.Equal(version == 5 ? 0x87 : 0x80, await known.SubscribeAsync("yours", 1));
        await known.PublishAsync(topic, "1");
        Assert.Equal($"{topic}=1 q1", $"{(await known.ReadAsync(1)).Single()}");
    }

    [Theory]
    [InlineData(Language.Node)]
    [InlineData(Language.Python)]
    public async Task User_properties_are_headers(Language language)
    {
        var topic = $"headers/{language}";
        await using var client = server.NewClient();
        await using var messages = await client.SubscribeAsync(topic, cancellationToken: TestContext.Current.CancellationToken);
        await using var device = await OpenAsync(language, WishOf(5, "tcp", topic + "/device"));
        await device.SubscribeAsync(topic, 1);

        await device.PublishAsync(topic, "21.5", user: new Dictionary<string, string> { ["unit"] = "C" });
        await client.PublishAsync(topic, "70", new() { Headers = [new("unit", "F")] }, TestContext.Current.CancellationToken);

        var byClient = await messages.Take(2).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["C", "F"], byClient.Select(message => message.Headers.Single(header => header.Key == "unit").Value));
        Assert.Equal(["C", "F"], (await device.ReadAsync(2)).Select(heard => heard.User["unit"]));
    }

    // At QoS 2 this library loses the topic of what comes with an alias alone.
    [Fact]
    public async Task Who_takes_topic_aliases_sees_the_topics_all_the_same()
    {
        await using var reader = await OpenAsync(Language.Node, WishOf(5, "tcp", "aliases/reader") with { Aliases = 1 });
        await using var writer = await OpenAsync(Language.Node, WishOf(5, "tcp", "aliases/writer"));
        await reader.SubscribeAsync("aliases/+", 1);

        foreach (var topic in new[] { "aliases/a", "aliases/b", "aliases/a", "aliases/b" }) await writer.PublishAsync(topic, "1");

        Assert.Equal(["aliases/a", "aliases/b", "aliases/a", "aliases/b"], (await reader.ReadAsync(4)).Select(heard => heard.Topic));
    }

    private static async Task<ScriptedClient> OpenAsync(Language language, Wish wish)
    {
        var client = ScriptedClient.Start(language, wish);
        await client.ReadOpenAsync();
        return client;
    }

    private Wish WishOf(int version, string transport, string id) =>
        new(version, transport, transport == "ws" ? server.HttpPort : server.MqttPort, id);
}
