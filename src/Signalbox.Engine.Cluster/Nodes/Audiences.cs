using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What is asked of all nodes at once.</summary>
/// <remarks>A node that does not answer in time is left out: it is on its way to be gone.</remarks>
internal sealed class Audiences(ClusterLinks links, NodeLines lines)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>How many connections it was handed to.</returns>
    public async ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast)
    {
        var pack = new DeliveryPack([broadcast]);
        var counts = await AskAllAsync(async node =>
        {
            var counting = node.Observer.CountBroadcastAudienceAsync(broadcast.Except).AsTask();
            await lines.PutAsync(node.Id, pack);
            return await counting;
        });
        return counts.Sum();
    }

    /// <summary>The channels that somebody subscribes to, wherever that is.</summary>
    public async ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request)
    {
        // One more than asked for: it tells whether there are more.
        var asked = request with { Limit = request.Limit + 1 };
        var lists = await AskAllAsync(node => node.Observer.ListChannelsAsync(asked).AsTask());
        var all = lists
            .SelectMany(list => list.Entries)
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .OrderBy(channel => channel.Key, StringComparer.Ordinal)
            .Take(asked.Limit)
            .Select(channel => new ChannelEntry(channel.Key, [.. channel.SelectMany(entry => entry.Peers)]))
            .ToList();
        if (all.Count <= request.Limit) return new Page<ChannelEntry>(all, null);

        all.RemoveAt(all.Count - 1);
        return new Page<ChannelEntry>(all, all.Count > 0 ? all[^1].Name : request.After);
    }

    private async Task<IEnumerable<T>> AskAllAsync<T>(Func<NodeEntry, Task<T>> ask)
    {
        var nodes = links.Directory.All;
        // A process without subscribers is not told who there is.
        if (links.Silo is null && nodes.Count == 0)
        {
            nodes = [.. (await links.Nodes.ReadAsync()).Nodes.Where(node => node.TakesDeliveries)];
        }

        var answers = await Task.WhenAll(nodes.Select(node => AskSafelyAsync(node, ask)));
        return answers.Where(answer => answer.IsThere).Select(answer => answer.Answer!); // It is there.
    }

    private static async Task<(bool IsThere, T? Answer)> AskSafelyAsync<T>(NodeEntry node, Func<NodeEntry, Task<T>> ask)
    {
        try
        {
            return (true, await ask(node).WaitAsync(Patience));
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e) || e is InboxException)
        {
            return default;
        }
    }
}
