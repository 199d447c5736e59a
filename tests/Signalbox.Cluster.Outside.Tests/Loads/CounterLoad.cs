using System.Collections.Concurrent;
using System.Globalization;
using Signalbox.Client;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Numbers that are incremented by one, each by one writer: what is done twice, or is undone, shows in the next
/// sum.</summary>
internal sealed class CounterLoad(SignalboxClient client, bool withIds)
{
    private const int Count = 2;

    private readonly Counter[] _counters = [.. Enumerable.Range(0, Count).Select(i => new Counter($"count/{i}"))];
    private readonly ConcurrentQueue<string> _wrong = new();

    public IEnumerable<Step> Steps => _counters.Select(counter => new Step($"incr {counter.Key}", n => IncrementAsync(counter, n)));

    /// <summary>Each is what was confirmed, and what nobody was told of on top of that.</summary>
    public async Task CheckAsync(SignalboxClient now)
    {
        foreach (var counter in _counters)
        {
            var value = await now.GetAsync(counter.Key);
            var sum = long.Parse(value?.Text ?? "0", CultureInfo.InvariantCulture);
            Assert.True(sum >= counter.Sum && sum <= counter.Sum + counter.Unknown, $"{sum} does not follow {counter}.");
        }

        Assert.Empty(_wrong);
    }

    private async Task IncrementAsync(Counter counter, long number)
    {
        counter.Unknown++;
        var id = withIds ? $"{counter.Key}-{number}" : null;
        var sum = await client.IncrementAsync(counter.Key, by: 1, new IncrementOptions { Id = id });
        if (sum <= counter.Sum || sum > counter.Sum + counter.Unknown) _wrong.Enqueue($"{sum} does not follow {counter}.");
        (counter.Sum, counter.Unknown) = (sum, 0);
    }

    private sealed class Counter(string key)
    {
        public string Key => key;

        /// <summary>What the last answer said.</summary>
        public long Sum { get; set; }

        /// <summary>How often it was asked since.</summary>
        public int Unknown { get; set; }

        public override string ToString() => $"{Sum} of {key}, after which {Unknown} were asked for";
    }
}
