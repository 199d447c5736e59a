using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>One channel of the cluster, as a process sees it that may have subscribers.</summary>
internal sealed class ClusterChannel(ClusterLinks links, LocalNodes nodes, string name) : IChannel
{
    private IChannelGrain Grain { get; } = links.ChannelGrain(name);

    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        links.Publishing.PublishAsync(Grain, request, cancellationToken);

    public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) =>
        Retry(turn => Grain.ForgetAsync(turn, id), cancellationToken);

    public async ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        var told = new Told(ToldKind.Channel, name);
        var node = nodes.Find(attachment.Node);
        node.Tellings.Attach(told, attachment);
        var answer = await Retry(turn => Grain.AttachAsync(turn, node.Id, attachment, []), cancellationToken);
        node.Tellings.FoundAt(told, answer.Home);
        node.Arrivals.ListensFrom(name, answer.Position);
    }

    public ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        var node = nodes.Find(attachment.Node);
        node.Tellings.Detach(new Told(ToldKind.Channel, name), attachment);
        node.Arrivals.Forget(name);
        return Retry(turn => Grain.DetachAsync(turn, attachment), cancellationToken);
    }

    public async ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken)
    {
        if (request.Member is { } member) nodes.Find(member.Node).Tellings.Enter(name, member);
        return await Retry(turn => Grain.EnterAsync(turn, request), cancellationToken);
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.All) node.Tellings.Leave(name, memberId);
        return Retry(turn => Grain.LeaveAsync(turn, memberId), cancellationToken);
    }

    public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken) =>
        Retry(turn => Grain.HistoryAsync(turn, request), cancellationToken);

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
        Retry(turn => Grain.PresenceAsync(turn), cancellationToken);

    private ValueTask<T> Retry<T>(Func<CallTurn, ValueTask<T>> ask, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, ask, cancellationToken);

    private ValueTask Retry(Func<CallTurn, ValueTask> ask, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, ask, cancellationToken);
}
