using System.Collections.Concurrent;
using System.Globalization;
using Signalbox.Client;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Keys that count: each set is one higher than the one before.</summary>
internal sealed class KeyLoad(SignalboxClient client, bool withIds)
{
    private const int Count = 4;

    private readonly ConcurrentDictionary<string, long> _asked = new();
    private readonly ConcurrentDictionary<string, long> _confirmed = new();

    public IEnumerable<Step> Steps => Enumerable.Range(0, Count)
        .Select(i => new Step($"set key/{i}", n => SetAsync($"key/{i}", n)));

    /// <summary>Each has what was confirmed, or what was asked for after that.</summary>
    public async Task CheckAsync(SignalboxClient now)
    {
        foreach (var (key, confirmed) in _confirmed)
        {
            var value = await now.GetAsync(key);
            var found = long.Parse(value?.Text ?? "-1", CultureInfo.InvariantCulture);
            Assert.True(
                found >= confirmed && found <= _asked[key],
                $"{key} is {found}, {confirmed} was confirmed and {_asked[key]} was the last that was asked for.");
        }
    }

    private async Task SetAsync(string key, long number)
    {
        _asked[key] = number;
        var options = withIds ? new SetOptions { Id = $"{key}-{number}" } : null;
        await client.SetAsync(key, number.ToString(CultureInfo.InvariantCulture), options);
        _confirmed[key] = number;
    }
}
