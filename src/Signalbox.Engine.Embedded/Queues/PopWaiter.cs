using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Embedded.Queues;

/// <summary>Somebody who waits for an item, and what it will be given it as.</summary>
internal sealed class PopWaiter(TimeSpan? lease)
{
    // The continuation writes a reply to a socket: it must not run on the thread that pushes, under the shard's gate.
    private readonly TaskCompletionSource<(PopAnswer Answer, long Position)> _served =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TimeSpan? Lease => lease;

    public Task<(PopAnswer Answer, long Position)> Served => _served.Task;

    public void Serve(PopAnswer answer, long position) => _served.TrySetResult((answer, position));

    public void Cancel(CancellationToken cancellationToken) => _served.TrySetCanceled(cancellationToken);
}
