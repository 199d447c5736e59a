using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>The changes of one key of the cluster, for whoever watches it in this process.</summary>
internal sealed class ClusterKeyWatch(ClusterLinks links, LocalNodes nodes, IHashKey key, string name) : KeyWatch(key)
{
    private readonly Told _told = new(ToldKind.Key, name);

    private IHashKeyGrain Grain { get; } = links.KeyGrain(name);

    public override async ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        var tellings = nodes.Find(attachment.Node).Tellings;
        tellings.Attach(_told, attachment);
        var home = await links.Calls.AskAsync(Grain, turn => Grain.AttachAsync(turn, attachment), cancellationToken);
        tellings.FoundAt(_told, home);
    }

    public override ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        nodes.Find(attachment.Node).Tellings.Detach(_told, attachment);
        return links.Calls.AskAsync(Grain, turn => Grain.DetachAsync(turn, attachment), cancellationToken);
    }
}
