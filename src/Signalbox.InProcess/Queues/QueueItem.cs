using System.Text.Json.Serialization.Metadata;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Queues;

namespace Signalbox.InProcess;

/// <summary>An item that was popped; with a lease it is to be acknowledged or rejected.</summary>
public sealed class QueueItem
{
    private readonly InProcessSignalbox _signalbox;
    private readonly Core.Queues.QueueItem _item;

    internal QueueItem(InProcessSignalbox signalbox, string queue, PopAnswer answer, bool isLeased)
    {
        _signalbox = signalbox;
        _item = answer.Item!; // The caller has looked.
        Queue = queue;
        Receipt = answer.Receipt;
        IsLeased = isLeased;
    }

    public string Queue { get; }

    public Payload Value => _item.Payload;

    public long Id => _item.Id;

    public int Priority => _item.Priority;

    /// <summary>How often it was taken, this time included.</summary>
    public int Attempts => _item.Attempts;

    public DateTimeOffset AddedAt => _item.AddedAt;

    public Headers Headers => _item.Headers;

    /// <summary>Whether it was popped with a lease. Without one it is the caller's, and there is nothing to settle.</summary>
    public bool IsLeased { get; }

    /// <summary>What settles the item: see <see cref="ISignalbox.AcknowledgeAsync"/>.</summary>
    public Receipt Receipt { get; }

    /// <summary>Whether it was acknowledged or rejected through this object.</summary>
    public bool IsSettled { get; private set; }

    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);

    /// <summary>The item is done, and goes.</summary>
    /// <exception cref="SignalboxException">With code Conflict: the lease is over, and somebody else may have it.</exception>
    public async Task AcknowledgeAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        await _signalbox.AcknowledgeAsync(Queue, Receipt, cancellationToken);
        IsSettled = true;
    }

    /// <summary>The item goes back to the queue. After too many attempts it is a dead letter.</summary>
    public async Task RejectAsync(TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        await _signalbox.RejectAsync(Queue, Receipt, delay, cancellationToken);
        IsSettled = true;
    }

    /// <summary>The lease ends this long from now.</summary>
    public Task ExtendAsync(TimeSpan lease, CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        return _signalbox.ExtendAsync(Queue, Receipt, lease, cancellationToken);
    }

    private void ThrowIfNotLeased()
    {
        if (!IsLeased) throw new InvalidOperationException("The item was popped without a lease: it is yours already.");
    }
}
