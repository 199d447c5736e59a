using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Users;

/// <summary>Where one user is, for whoever watches it in this process.</summary>
internal sealed class UserWatchChannel(EmbeddedEngine engine, string name) : UserWatch
{
    public override ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        engine.WatchOpened();
        return ValueTask.CompletedTask;
    }

    public override ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        engine.WatchClosed();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask<Message> LookAsync(CancellationToken cancellationToken) =>
        new(engine.OwnUser(name[Name.UserWatchPrefix.Length..]).Look());
}
