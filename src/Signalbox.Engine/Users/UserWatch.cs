using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Users;

/// <summary>The channel <c>$users/ID</c>: a message when the user comes online, and when the user goes offline.</summary>
/// <remarks>There is no history, and nobody is told that nothing was missed: whoever comes is told how it is now, and that
/// is newer than whatever the subscription brought meanwhile.</remarks>
public abstract class UserWatch : IChannel
{
    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A gateway lets nobody publish to the system's channels.");

    public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public abstract ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken);

    public abstract ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken);

    public async ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken)
    {
        var now = await LookAsync(cancellationToken);
        var position = new ChannelPosition(UserPresence.Epoch, now.Offset);
        return new EnterAnswer(Refusal.None, position, now.Offset, Recovered: false, [], now);
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        var now = await LookAsync(cancellationToken);
        return new HistoryRead(new ChannelPosition(UserPresence.Epoch, now.Offset), now.Offset, [now], IsComplete: true);
    }

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
        new(new PresenceAnswer(Refusal.PresenceOff, []));

    /// <summary>Since when the user is online, as a message that is newer than all that watchers were told before.</summary>
    protected abstract ValueTask<Message> LookAsync(CancellationToken cancellationToken);
}
