using Orleans.Concurrency;
using Orleans.Placement;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>Takes packs for a node, for the silo's pulling agent to hand on.</summary>
/// <remarks>Its node calls first, so it is on that node's silo; a client's is on any.</remarks>
[KeepAlive]
[Reentrant]
[PreferLocalPlacement]
internal sealed class InboxGrain(InboxQueues queues) : Grain, IInboxGrain
{
    private InboxQueue? _queue;

    public ValueTask<bool> OpenAsync()
    {
        if (_queue is not null) return new(true);

        _queue = queues.Open(this.GetPrimaryKeyString());
        return new(false);
    }

    public ValueTask<PutAnswer> PutAsync(DeliveryPack pack)
    {
        if (_queue is not null) return new(_queue.TryPut(pack) ? PutAnswer.Taken : PutAnswer.Full);

        // Whoever is here by mistake does not stay: the node is gone, or has yet to open another one.
        DeactivateOnIdle();
        return new(PutAnswer.Closed);
    }

    public ValueTask<InboxCount> CountAsync()
    {
        if (_queue is null) DeactivateOnIdle();
        return new(new InboxCount(_queue?.Count ?? 0));
    }

    public ValueTask CloseAsync()
    {
        Forget();
        DeactivateOnIdle();
        return ValueTask.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    private void Forget()
    {
        if (_queue is not null) queues.Close(_queue);
        _queue = null;
    }
}
