using Orleans.Concurrency;
using Orleans.Placement;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>Knows all nodes as long as they renew themselves, and tells all silos and nodes what changes.</summary>
/// <remarks>
/// It keeps nothing beyond its silo's life: the nodes announce themselves again, each within the time of a renewal, and
/// until all had the time to, nobody is said to be gone.
/// </remarks>
[KeepAlive]
[Reentrant]
[RandomPlacement]
internal sealed class NodesGrain(ClusterSettings settings, IClusterMembershipService membership)
    : Grain, INodesGrain, IDisposable
{
    /// <summary>A silo that does not take news in this time is not waited for.</summary>
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, NodeEntry> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Node, string Filter), long> _filters = [];
    private readonly long _start = Environment.TickCount64;
    private readonly CancellationTokenSource _over = new();
    private readonly Guid _self = Guid.NewGuid();
    private long _version;
    private bool _wasComplete;

    private bool IsComplete => Environment.TickCount64 - _start >= settings.NodeLease.TotalMilliseconds;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LookAfterAsync, settings.NodeRenewal / 2, settings.NodeRenewal / 2);
        _ = WatchSilosAsync();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _over.CancelAsync();

    public async ValueTask<NodesNews?> RenewAsync(NodeEntry entry)
    {
        _heard[entry.Id] = Environment.TickCount64;
        if (_nodes.ContainsKey(entry.Id)) return News();
        if (entry.TakesDeliveries) return null;

        _nodes[entry.Id] = entry;
        await TellAllAsync();
        return News();
    }

    public async ValueTask TellFiltersAsync(NodeEntry entry, NodeFilter[] filters)
    {
        _heard[entry.Id] = Environment.TickCount64;
        _nodes[entry.Id] = entry;
        Forget(entry.Id);
        foreach (var filter in filters) _filters[(filter.Node, filter.Filter)] = filter.Ticket;
        await TellAllAsync();
    }

    public async ValueTask AddFilterAsync(NodeFilter filter)
    {
        _filters[(filter.Node, filter.Filter)] = filter.Ticket;
        await TellAllAsync();
    }

    public async ValueTask RemoveFilterAsync(NodeFilter filter)
    {
        var key = (filter.Node, filter.Filter);
        // A later attachment of the same node is not undone by the end of an earlier one.
        if (_filters.GetValueOrDefault(key) != filter.Ticket) return;

        _filters.Remove(key);
        await TellAllAsync();
    }

    public async ValueTask RemoveAsync(string node)
    {
        if (!_nodes.Remove(node)) return;

        Forget(node);
        await TellAllAsync();
    }

    public ValueTask<NodesNews> ReadAsync() => new(News());

    private async Task LookAfterAsync(CancellationToken cancellationToken)
    {
        var now = Environment.TickCount64;
        var late = _nodes.Keys.Where(node => now - _heard[node] > settings.NodeLease.TotalMilliseconds).ToList();
        foreach (var node in late)
        {
            _nodes.Remove(node);
            _heard.Remove(node);
            Forget(node);
        }

        if (late.Count == 0 && _wasComplete == IsComplete) return;

        _wasComplete = IsComplete;
        await TellAllAsync();
    }

    // Whoever told something to a grain of a silo that is gone has to tell it again, and clients see no membership.
    private async Task WatchSilosAsync()
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_over.Token))
            {
                foreach (var dead in snapshot.Members.Values.Where(member => member.Status == SiloStatus.Dead))
                {
                    foreach (var (node, _) in _nodes.Where(node => dead.SiloAddress.Equals(node.Value.Silo)).ToList())
                    {
                        _nodes.Remove(node);
                        Forget(node);
                    }
                }

                await TellAllAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The grain goes.
        }
    }

    public void Dispose() => _over.Dispose();

    private void Forget(string node)
    {
        foreach (var key in _filters.Keys.Where(key => key.Node == node).ToList()) _filters.Remove(key);
    }

    private NodesNews News() => new(
        _self,
        _version,
        IsComplete,
        [.. _nodes.Values],
        [.. _filters.Select(filter => new NodeFilter(filter.Key.Node, filter.Key.Filter, filter.Value))],
        [.. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)]);

    private async Task TellAllAsync()
    {
        _version++;
        var news = News();
        await Task.WhenAll(_nodes.Values.ToList().Select(node => TellAsync(node, news)));
    }

    private static async Task TellAsync(NodeEntry node, NodesNews news)
    {
        try
        {
            await node.Observer.TellAsync(news).AsTask().WaitAsync(LongestTelling);
        }
        // Whatever keeps it from listening: it asks for the news itself, and is gone where it does not.
        catch (Exception)
        {
        }
    }
}
