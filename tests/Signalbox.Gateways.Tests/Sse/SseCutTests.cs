using System.Globalization;
using Signalbox.Core.Channels;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>Streams that are cut again and again while somebody publishes as fast as it goes.</summary>
[Collection("alone")]
public sealed class SseCutTests
{
    private const int Cuts = 50;
    private const int Messages = 30_000;

    [Theory]
    [InlineData("channel=a", 1)]
    [InlineData("channel=a&channel=b&channel=c", 2)]
    [InlineData("channel=%2B", 3)]
    [InlineData("channel=b&channel=%23", 4)]
    public async Task A_stream_that_is_cut_fifty_times_ends_with_every_message_once_and_in_order(string query, int seed)
    {
        await using var host = await SseHost.StartAsync(plan =>
        {
            plan.Rule("#", new ChannelOptions { HistorySize = Messages, HistoryAge = TimeSpan.FromHours(1) });
            plan.Limits = plan.Limits with { MaxRecovered = Messages };
        });
        var channels = query == "channel=a" ? ["a"] : new[] { "a", "b", "c" };
        var random = new Random(seed);
        var reader = await host.OpenAsync(query);
        var seen = channels.ToDictionary(channel => channel, _ => 0L);

        // A filter knows of a channel from its first message on: each says one before anything is cut.
        foreach (var channel in channels) await host.PublishAsync(channel, "1");
        foreach (var channel in channels) Note(seen, await reader.ReadAsync("message", $"the first message of {channel}"));
        var publishing = PublishAsync(host, channels);
        for (var cut = 1; cut <= Cuts; cut++)
        {
            for (var left = random.Next(Messages / Cuts); left > 0 && !IsComplete(seen, channels); left--)
            {
                // A reader that was too slow for the publisher was sent away: that is a cut as well.
                if (await reader.TryReadAsync($"a message before cut {cut}") is not { EventType: "message" } item) break;
                Note(seen, item.Data);
            }

            reader.Cut();
            reader = await host.OpenAsync(query, reader.LastId, $"reader {cut}");
            foreach (var channel in channels) Assert.Equal("true", reader.Opening.Data.At("channels", channel, "recovered"));
        }

        await publishing;
        while (!IsComplete(seen, channels))
        {
            if (await reader.TryReadAsync("the rest") is { EventType: "message" } item) Note(seen, item.Data);
            else reader = await host.OpenAsync(query, reader.LastId, "last reader");
        }
    }

    private static bool IsComplete(Dictionary<string, long> seen, string[] channels) =>
        seen.Values.All(offset => offset == Messages / channels.Length);

    // Exactly the next one: no gap, and nothing twice.
    private static void Note(Dictionary<string, long> seen, string message)
    {
        var channel = message.At("key");
        Assert.Equal(seen[channel] + 1, long.Parse(message.At("offset"), CultureInfo.InvariantCulture));
        Assert.Equal(message.At("offset"), message.At("value"));
        seen[channel]++;
    }

    private static Task PublishAsync(SseHost host, string[] channels) => Task.Run(async () =>
    {
        for (var n = 2; n <= Messages / channels.Length; n++)
        {
            foreach (var channel in channels) await host.PublishAsync(channel, $"{n}");
        }
    });
}
