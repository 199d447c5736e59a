using Signalbox.Core.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Channels;

/// <summary>One channel, wherever it is.</summary>
public interface IChannel
{
    ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>Nobody will repeat the publish with this id any more: it is forgotten before its window is over.</summary>
    ValueTask ForgetAsync(string id, CancellationToken cancellationToken);

    /// <summary>A node has its first subscriber here: from now on it gets the channel's deliveries.</summary>
    ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken);

    /// <summary>The node's last subscriber has left; ignored where the node has attached anew meanwhile.</summary>
    ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken);

    /// <summary>A subscriber comes in, or comes back: it is present, and learns where it stands and what it missed.</summary>
    ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken);

    /// <summary>The subscriber with this member id has left.</summary>
    ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken);

    ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken);

    ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken);
}
