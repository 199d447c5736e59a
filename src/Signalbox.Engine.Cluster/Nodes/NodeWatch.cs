using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>Tells a grain of nodes that are gone, in its turns.</summary>
internal sealed class NodeWatch
{
    private readonly NodeDirectory _directory;
    private readonly ClusterSettings _settings;
    private readonly Action<string> _onLoss;
    private readonly Action<string> _inTurn;
    private volatile bool _isOver;

    /// <param name="onLoss">Called in a turn of the grain in whose turn this is made.</param>
    public NodeWatch(NodeDirectory directory, ClusterSettings settings, Action<string> onLoss)
    {
        _directory = directory;
        _settings = settings;
        _onLoss = onLoss;
        var turns = TaskScheduler.Current;
        _inTurn = node => _ = Task.Factory.StartNew(
            () => onLoss(node), CancellationToken.None, TaskCreationOptions.None, turns);
        directory.WatchLosses(_inTurn);
    }

    /// <summary>Something came through this node. If it is not known, and does not come to be, it is gone already.</summary>
    public void Saw(string node)
    {
        if (!_directory.TryFind(node, out _)) _ = LookAgainAsync(node);
    }

    /// <summary>The grain goes.</summary>
    public void End()
    {
        _directory.StopWatching(_inTurn);
        _isOver = true;
    }

    private async Task LookAgainAsync(string node)
    {
        await Task.Delay(_settings.NodeLease);
        if (!_isOver && !_directory.TryFind(node, out _)) _onLoss(node);
    }
}
