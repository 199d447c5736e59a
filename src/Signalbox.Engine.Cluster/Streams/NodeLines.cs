using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>The way from this process to each node: its stream, and who counts there.</summary>
internal sealed class NodeLines(
    [FromKeyedServices(InboxStream.Provider)] IStreamProvider provider, NodeDirectory directory) : INodeLines
{
    public Task PutAsync(string node, DeliveryPack pack) => InboxStream.Of(provider, node).OnNextAsync(pack);

    /// <summary>What the node has told a grain is forgotten with it.</summary>
    public void AskToTellAgain(string node, Told told)
    {
        if (directory.TryFind(node, out var entry)) _ = AskSafelyAsync(entry, told);
    }

    public bool Knows(string node) => directory.TryFind(node, out _);

    public ValueTask<int> CountAudienceAsync(string node, string channel)
    {
        if (directory.FindLocal(node) is { } local) return new(local.CountAudience(channel));
        return directory.TryFind(node, out var entry) ? entry.Observer.CountAudienceAsync(channel) : new(0);
    }

    private static async Task AskSafelyAsync(NodeEntry entry, Told told)
    {
        try
        {
            await entry.Observer.TellAgainAsync(told);
        }
        // It is gone as well, and has nothing to tell.
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
        }
    }
}
