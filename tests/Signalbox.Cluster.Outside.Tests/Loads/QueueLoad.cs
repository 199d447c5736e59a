using System.Collections.Concurrent;
using Signalbox.Client;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Queues that are filled and worked off: each item is pushed by one push, and done when that is confirmed.
/// </summary>
internal sealed class QueueLoad(SignalboxClient client, bool withIds)
{
    private const int Count = 2;

    /// <summary>Soon over once everything is back.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, string> _pushed = new();
    private readonly ConcurrentDictionary<string, bool> _done = new();
    private readonly ConcurrentDictionary<string, bool> _maybeDone = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _held = new();
    private readonly ConcurrentQueue<string> _wrong = new();

    public IEnumerable<Step> Steps => Enumerable.Range(0, Count)
        .Select(i => $"jobs/{i}")
        .SelectMany<string, Step>(queue =>
        [
            new($"push {queue}", n => PushAsync(queue, $"{queue}-{n}")),
            new($"work {queue}", _ => WorkAsync(queue)),
            new($"work {queue}", _ => WorkAsync(queue)),
        ]);

    /// <summary>Everything that was confirmed comes once, unless it is done, and nothing comes that is.</summary>
    public async Task CheckAsync(SignalboxClient now)
    {
        var seen = new HashSet<string>();
        var left = _pushed.Where(item => !_done.ContainsKey(item.Key) && !_maybeDone.ContainsKey(item.Key));
        foreach (var queue in left.GroupBy(item => item.Value, item => item.Key))
        {
            var expected = queue.ToHashSet();
            while (expected.Count > 0)
            {
                // Those that somebody held come back when their lease ends.
                var item = await now.PopAsync(queue.Key, new PopOptions { Wait = TimeSpan.FromSeconds(30) });
                Assert.True(item is not null, $"Items are lost: {string.Join(' ', expected.Take(5))}.");
                Assert.False(_done.ContainsKey(item.Text), $"{item.Text} came again after it was acknowledged.");
                Assert.True(seen.Add(item.Text), $"{item.Text} is there twice.");
                expected.Remove(item.Text);
            }
        }

        Assert.Empty(_wrong);
    }

    private async Task PushAsync(string queue, string item)
    {
        await client.PushAsync(queue, item, withIds ? new PushOptions { Id = item } : null);
        _pushed[item] = queue;
    }

    private async Task WorkAsync(string queue)
    {
        var item = await client.PopAsync(queue, new PopOptions { Wait = TimeSpan.FromSeconds(1), Lease = Lease });
        if (item is null) return;

        if (_done.ContainsKey(item.Text)) _wrong.Enqueue($"{item.Text} came again after it was acknowledged.");
        var isHeld = _held.TryGetValue(item.Text, out var until) && until > TimeProvider.System.GetUtcNow();
        if (isHeld) _wrong.Enqueue($"{item.Text} was given to somebody while somebody else had it, until {until:O}.");

        _held[item.Text] = item.LeasedUntil;
        _maybeDone[item.Text] = true;
        await item.AcknowledgeAsync();
        _done[item.Text] = true;
    }
}
