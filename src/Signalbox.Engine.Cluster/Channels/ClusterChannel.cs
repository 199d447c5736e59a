using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>One channel of the cluster, as a process sees it that may have subscribers.</summary>
/// <remarks>Everything but a publish without an id can be asked twice, and is while a silo dies.</remarks>
internal sealed class ClusterChannel(ClusterLinks links, LocalNodes nodes, string name) : IChannel
{
    private IChannelGrain Grain { get; } = links.ChannelGrain(name);

    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        request.Id is null
            ? links.Calls.AskOnceAsync(Grain, turn => Grain.PublishAsync(turn, request, cancellationToken))
            : Retry(turn => Grain.PublishAsync(turn, request, cancellationToken), cancellationToken);

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
        return await Retry(turn => Grain.EnterAsync(turn, request, cancellationToken), cancellationToken);
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.All) node.Tellings.Leave(name, memberId);
        return Retry(turn => Grain.LeaveAsync(turn, memberId), cancellationToken);
    }

    public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken) =>
        Retry(turn => Grain.HistoryAsync(turn, request, cancellationToken), cancellationToken);

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
        Retry(turn => Grain.PresenceAsync(turn, cancellationToken), cancellationToken);

    private ValueTask<T> Retry<T>(Func<CallTurn, ValueTask<T>> ask, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, ask, cancellationToken);

    private ValueTask Retry(Func<CallTurn, ValueTask> ask, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, ask, cancellationToken);
}
