using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>One channel of the cluster, by its name.</summary>
[Alias("signalbox.channel")]
internal interface IChannelGrain : IGrainWithStringKey
{
    ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>The node listens, and these have come in through it; both may be known already.</summary>
    /// <param name="attachment">Null where the node has members here and no subscribers.</param>
    ValueTask<AttachAnswer> AttachAsync(string node, Attachment? attachment, Member[] members);

    ValueTask DetachAsync(Attachment attachment);

    ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken);

    ValueTask LeaveAsync(string memberId);

    ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken);

    ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken);

    ValueTask<Message?> RetainedAsync(CancellationToken cancellationToken);
}
