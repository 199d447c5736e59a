using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>A call that is parked at a queue, and what it will be given an item as.</summary>
internal sealed class PopWaiter(PopAsked asked, TimeSpan? lease)
{
    private readonly TaskCompletionSource<PopAnswer> _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PopAsked Asked => asked;

    public TimeSpan? Lease => lease;

    public Task<PopAnswer> Served => _served.Task;

    public void Serve(PopAnswer answer) => _served.TrySetResult(answer);

    public void Cancel(CancellationToken cancellationToken) => _served.TrySetCanceled(cancellationToken);

    /// <summary>The grain goes: whoever waits is to ask again, wherever the queue is then.</summary>
    public void SendAway() => _served.TrySetResult(PopAnswer.Nothing);
}
