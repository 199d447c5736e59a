using Signalbox.Core.Channels;
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

    private static void Small(HostPlan plan, SlowReaderPolicy policy)
    {
        plan.Session.MaxOutboundBytes = 64 * Kibibyte;
        plan.Session.CloseTimeout = TimeSpan.FromMinutes(5);
        plan.SendBufferBytes = 16 * Kibibyte;
        plan.Rule("news", new ChannelOptions { SlowReader = policy });
    }
}
