using System.Net.Sockets;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Sse;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>A stream that is not read hurts itself only.</summary>
public sealed class SseSlowReaderTests
{
    private const int Kibibyte = 1024;
    private const int Messages = 60;

    private static readonly string Long = new('x', 8 * Kibibyte);

    [Theory]
    [InlineData("channel=news")]
    [InlineData("channel=news&channel=other")]
    public async Task A_stopped_reader_is_sent_away_and_the_others_get_everything(string query)
    {
        await using var host = await SseHost.StartAsync(plan => Small(plan, SlowReaderPolicy.Disconnect));
        var readers = new List<SseReader>();
        for (var n = 0; n < 50; n++) readers.Add(await host.OpenAsync(query, name: $"reader {n}"));
        using var stopped = await RawStream.OpenAsync(host, "/sse?" + query, receiveBufferBytes: 4 * Kibibyte);
        await stopped.ReadUntilAsync("\n\n\r\n");

        for (var n = 1; n <= Messages; n++)
        {
            await host.PublishAsync("news", Long);
            foreach (var reader in readers) Assert.Equal($"{n}", (await reader.ReadAsync("message", $"message {n}")).At("offset"));
        }

        var text = await stopped.ReadUntilAsync("\r\n0\r\n\r\n");
        Assert.Contains("\"reason\":\"slow_reader\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"offset\":{Messages},", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channel=news", SlowReaderPolicy.DropOldest)]
    [InlineData("channel=news", SlowReaderPolicy.Latest)]
    [InlineData("channel=news&channel=other", SlowReaderPolicy.DropOldest)]
    [InlineData("channel=%2B", SlowReaderPolicy.Latest)]
    public async Task A_reader_that_may_miss_messages_stays_is_told_which_and_its_id_is_that_of_what_it_got(
        string query, SlowReaderPolicy policy)
    {
        await using var host = await SseHost.StartAsync(plan => Small(plan, policy));
        using var slow = await RawStream.OpenAsync(host, "/sse?" + query, receiveBufferBytes: 4 * Kibibyte);
        await slow.ReadUntilAsync("\n\n\r\n");

        for (var n = 1; n <= Messages; n++) await host.PublishAsync("news", Long);
        var text = await slow.ReadUntilAsync($"\"offset\":{Messages},");

        var missed = text.IndexOf("event: missed\ndata: {\"command\":\"missed\",\"key\":\"news\",\"from\":", StringComparison.Ordinal);
        Assert.InRange(missed, 0, text.Length);
        var lastId = text[text.LastIndexOf("id: ", StringComparison.Ordinal)..].Split('\n')[0];
        Assert.Contains($"-{Messages}", lastId, StringComparison.Ordinal);
        var from = text[missed..].Split('\n')[1]["data: ".Length..].At("from");
        Assert.DoesNotContain($"-{from}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_slow_reader_catches_up_in_one_channel_no_id_goes_back_in_another()
    {
        await using var host = await SseHost.StartAsync(plan =>
        {
            plan.Session.MaxOutboundBytes = 256 * Kibibyte;
            plan.SendBufferBytes = 16 * Kibibyte;
            plan.Rule("#", new ChannelOptions { HistorySize = 1000 });
        });
        var first = await host.OpenAsync("channel=a&channel=b");
        first.Cut();
        for (var n = 1; n <= 500; n++) await host.PublishAsync("b", Long[..Kibibyte]);

        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
        var slow = await host.OpenAsync("channel=a&channel=b", first.LastId, "slow", client);
        for (var n = 1; n <= 30; n++) await host.PublishAsync("a", Long[..Kibibyte]);
        var (a, b) = (0L, 0L);
        for (var n = 1; n <= 530; n++)
        {
            var id = SseId.Read((await slow.ReadAsync($"message {n}")).EventId!)!; // It is one of ours.
            Assert.True(a <= id["a"].Offset && b <= id["b"].Offset, $"At message {n} the id goes back.");
            (a, b) = (id["a"].Offset, id["b"].Offset);
        }

        Assert.Equal((30, 500), (a, b));
    }

    [Fact]
    public async Task A_reader_that_never_reads_again_is_cut_off_in_time()
    {
        await using var host = await SseHost.StartAsync(plan =>
        {
            Small(plan, SlowReaderPolicy.Disconnect);
            plan.Session.CloseTimeout = TimeSpan.FromMilliseconds(200);
            plan.Rule("room", new ChannelOptions { JoinLeave = true });
        });
        var witness = await host.OpenAsync("channel=room", name: "witness");
        await witness.ReadAsync("join", "that it joined itself");
        using var stopped = await RawStream.OpenAsync(host, "/sse?channel=room&channel=news", receiveBufferBytes: 4 * Kibibyte);
        await witness.ReadAsync("join", "that the other joined");

        for (var n = 1; n <= Messages; n++) await host.PublishAsync("news", Long);

        await witness.ReadAsync("leave", "that the other left");
    }

    // A connection for which the kernel takes little while nobody reads.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4 * Kibibyte };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static void Small(HostPlan plan, SlowReaderPolicy policy)
    {
        plan.Session.MaxOutboundBytes = 64 * Kibibyte;
        plan.Session.CloseTimeout = TimeSpan.FromMinutes(5);
        plan.SendBufferBytes = 16 * Kibibyte;
        plan.Rule("news", new ChannelOptions { SlowReader = policy });
    }
}
