using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Users;

/// <summary>The channel <c>$users/ID</c>: a message when the user comes online, and when the user goes offline.</summary>
/// <remarks>There is no history, and nobody is told that nothing was missed: whoever comes is told how it is now, and that
/// is newer than whatever the subscription brought meanwhile.</remarks>
internal sealed class UserWatchChannel(EmbeddedEngine engine, string name) : IChannel
{
    private EmbeddedUser User => engine.OwnUser(name[Name.UserWatchPrefix.Length..]);

    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A gateway lets nobody publish to the system's channels.");

    public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        engine.WatchOpened();
        return ValueTask.CompletedTask;
    }

    public ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        engine.WatchClosed();
        return ValueTask.CompletedTask;
    }

    public ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken)
    {
        var now = User.Look();
        var position = new ChannelPosition(UserPresence.Epoch, now.Offset);
        return new(new EnterAnswer(Refusal.None, position, now.Offset, Recovered: false, [], now));
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        var now = User.Look();
        return new(new HistoryRead(new ChannelPosition(UserPresence.Epoch, now.Offset), now.Offset, [now], IsComplete: true));
    }

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
        new(new PresenceAnswer(Refusal.PresenceOff, []));
}
