using Signalbox.Client;
using Signalbox.TestKit;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>One channel, read by every protocol at once, over ways that break.</summary>
public sealed class CrossProtocolTests
{
    private const int Batch = 250;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_is_cut_off_by_whatever_protocol_ends_with_every_message_once_and_in_order(int seed)
    {
        var (tcp, http, mqtt) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        await using var server = ServerProcess.Start(
            "--Tcp:Port", $"{tcp}", "--Http:Port", $"{http}", "--Mqtt:Port", $"{mqtt}",
            "--Limits:MaxRecovered", $"{Follower.Last}", "--Channels:0:Filter", "#",
            "--Channels:0:HistorySize", $"{Follower.Last}",
            "--Channels:0:HistoryAge", "01:00:00");
        await server.ReadyAsync();
        await using var byTcp = new TcpFollower(tcp, seed);
        await using var byWebSocket = new WebSocketFollower(http, seed + 100);
        await using var bySse = new SseFollower(http, seed + 200);
        await using var byHistory = new HistoryFollower(http, seed + 300);
        await using var byMqtt = new MqttFollower(mqtt, seed + 400);
        Follower[] followers = [byTcp, byWebSocket, bySse, byHistory, byMqtt];

        var following = followers.Select(follower => follower.FollowAsync()).ToList();
        // Whoever ends before there is anything to follow has failed, and the others would wait for it.
        await Task.WhenAny([Task.WhenAll(followers.Select(follower => follower.Ready)), .. following]);
        following.Add(PublishAsync(tcp));
        await foreach (var ended in Task.WhenEach(following)) await ended;

        Assert.All(followers, follower => Assert.Equal(Follower.Last, follower.Seen));
    }

    // As fast as one connection goes: many at once, and their order is that of the calls.
    private static async Task PublishAsync(int port)
    {
        var options = new SignalboxClientOptions();
        options.Endpoints.Add($"127.0.0.1:{port}");
        await using var publisher = new SignalboxClient(options);
        foreach (var numbers in Enumerable.Range(1, Follower.Last).Chunk(Batch))
        {
            await Task.WhenAll(numbers.Select(number => publisher.PublishAsync(Follower.Channel, $"{number}")));
        }
    }
}
