using System.Collections.Concurrent;
using Signalbox.Client;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Channels with a history, and who follows them.</summary>
internal sealed class ChannelLoad(SignalboxClient client, bool withIds)
{
    private const int Count = 3;
    private const string End = "end";

    private readonly ConcurrentDictionary<(string Channel, long Offset), string> _confirmed = new();
    private readonly List<Follower> _followers = [];

    private static IEnumerable<string> Names => Enumerable.Range(0, Count).Select(i => $"log/{i}");

    public IEnumerable<Step> Steps => Names.Select(name => new Step($"publish {name}", n => PublishAsync(name, $"{name}-{n}")));

    /// <summary>Has somebody follow all channels from here on, on one connection.</summary>
    public async Task FollowAsync(SignalboxClient follower)
    {
        foreach (var name in Names) _followers.Add(await Follower.StartAsync(follower, name, End));
    }

    /// <summary>Everything that was confirmed is there at its place, once, and each follower saw all of it in order.</summary>
    public async Task CheckAsync(SignalboxClient now)
    {
        foreach (var name in Names) await now.PublishAsync(name, End, new PublishOptions { Id = $"{name}-{End}" });
        foreach (var follower in _followers) await follower.EndAsync();
        foreach (var name in Names)
        {
            var kept = await ReadAsync(now, name);
            foreach (var ((channel, offset), text) in _confirmed)
            {
                if (channel == name) Assert.Equal(text, kept.GetValueOrDefault(offset));
            }

            Assert.Distinct(kept.Values);
            foreach (var follower in _followers.Where(one => one.Channel == name)) follower.Check(kept);
        }
    }

    private static async Task<Dictionary<long, string>> ReadAsync(SignalboxClient now, string channel)
    {
        var kept = new Dictionary<long, string>();
        var since = new ChannelPosition("", 0);
        while (await now.HistoryAsync(channel, new HistoryOptions { Since = since, Limit = 1000 }) is { Messages.Count: > 0 } page)
        {
            foreach (var message in page.Messages)
            {
                Assert.Equal(since.Offset + 1, message.Offset);
                kept.Add(message.Offset, message.Text);
                since = page.Position with { Offset = message.Offset };
            }
        }

        return kept;
    }

    private async Task PublishAsync(string channel, string text)
    {
        var result = await client.PublishAsync(channel, text, withIds ? new PublishOptions { Id = text } : null);
        _confirmed[(channel, result.Offset!.Value)] = text; // The channel keeps a history.
    }
}
