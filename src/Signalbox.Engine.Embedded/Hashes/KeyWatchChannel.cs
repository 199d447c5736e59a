using Signalbox.Core.Names;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Hashes;

/// <summary>The changes of one key, for whoever watches it in this process.</summary>
internal sealed class KeyWatchChannel(EmbeddedEngine engine, string name)
    : KeyWatch(engine.Hash(name[Name.KeyWatchPrefix.Length..]))
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
}
