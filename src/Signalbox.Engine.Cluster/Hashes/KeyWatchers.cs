using Signalbox.Core.Hashes;
using Signalbox.Core.Names;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>The nodes that watch a key. Most keys have none, and this costs them nothing.</summary>
internal sealed class KeyWatchers(
    string key, NodeDirectory directory, NodeLines lines, ClusterSettings settings, Func<ValueTask> whenWritten)
{
    private Listeners? _listeners;
    private Outbox? _outbox;
    private NodeWatch? _watch;

    public bool HasAny => _listeners is { Count: > 0 };

    public void Attach(Attachment attachment)
    {
        (_listeners ??= new Listeners()).Attach(attachment);
        _watch ??= new NodeWatch(directory, settings, Lose);
        _watch.Saw(attachment.Node);
    }

    public void Detach(Attachment attachment) => _listeners?.Detach(attachment);

    public void Tell(HashFact fact, DateTimeOffset now)
    {
        var byFilter = directory.Matching(Name.KeyWatchPrefix + key);
        var nodes = _listeners?.And(byFilter) ?? byFilter;
        if (nodes.Count == 0 || KeyWatch.Of(fact, key, now) is not { } change) return;

        _outbox ??= new Outbox(lines, channel: null, settings.MaxBacklog, whenWritten);
        _outbox.SendAsync(change, nodes);
    }

    /// <summary>The grain goes, and forgets them: they tell whoever comes after.</summary>
    public void End()
    {
        _watch?.End();
        foreach (var node in _listeners?.Nodes ?? []) lines.AskToTellAgain(node, new Told(ToldKind.Key, key));
    }

    private void Lose(string node)
    {
        _listeners?.Lose(node);
        _outbox?.Lose(node);
    }
}
