using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>One channel of the cluster, by its name.</summary>
[Alias("signalbox.channel")]
internal interface IChannelGrain : IGrainWithStringKey
{
    ValueTask<PublishAnswer> PublishAsync(CallTurn turn, PublishRequest request);

    /// <summary>The same, for many one after the other.</summary>
    ValueTask<PublishAnswer[]> PublishAllAsync(CallTurn turn, PublishRequest[] requests);

    ValueTask ForgetAsync(CallTurn turn, string id);

    /// <summary>The node listens, and these have come in through it; both may be known already.</summary>
    /// <param name="attachment">Null where the node has members here and no subscribers.</param>
    ValueTask<AttachAnswer> AttachAsync(CallTurn turn, string node, Attachment? attachment, Member[] members);

    ValueTask DetachAsync(CallTurn turn, Attachment attachment);

    ValueTask<EnterAnswer> EnterAsync(CallTurn turn, EnterRequest request);

    ValueTask LeaveAsync(CallTurn turn, string memberId);

    ValueTask<HistoryRead> HistoryAsync(CallTurn turn, HistoryRequest request);

    ValueTask<PresenceAnswer> PresenceAsync(CallTurn turn);

    ValueTask<Message?> RetainedAsync();
}
