using Signalbox.Core.Channels;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster.Users;

/// <summary>Where one user of the cluster is, for whoever watches it in this process.</summary>
internal sealed class ClusterUserWatch(ClusterLinks links, LocalNodes nodes, string id) : UserWatch
{
    private readonly Told _told = new(ToldKind.User, id);

    private IUserGrain Grain { get; } = links.UserGrain(id);

    public override async ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        var tellings = nodes.Find(attachment.Node).Tellings;
        tellings.Attach(_told, attachment);
        var home = await links.Calls.AskAsync(Grain, turn => Grain.TellAsync(turn, attachment, []), cancellationToken);
        tellings.FoundAt(_told, home);
    }

    public override ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        nodes.Find(attachment.Node).Tellings.Detach(_told, attachment);
        return links.Calls.AskAsync(Grain, turn => Grain.DetachAsync(turn, attachment), cancellationToken);
    }

    protected override ValueTask<Message> LookAsync(CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, Grain.LookAsync, cancellationToken);
}
