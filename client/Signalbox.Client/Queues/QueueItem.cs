using System.Text.Json.Serialization.Metadata;

namespace Signalbox.Client;

/// <summary>An item that was popped; with a lease it is to be acknowledged or rejected.</summary>
public sealed class QueueItem
{
    private readonly SignalboxClient _client;
    private long _until;

    internal QueueItem(SignalboxClient client, string queue, Reply reply)
    {
        _client = client;
        Queue = queue;
        Value = reply.Value();
        Id = reply.Number(ReplyField.Item);
        Priority = (int)reply.Number(ReplyField.Priority);
        Attempts = (int)reply.Number(ReplyField.Attempts);
        AddedAt = reply.Time(ReplyField.Time);
        Headers = reply.Headers();
        Receipt = reply.Text(ReplyField.Receipt);
        _until = reply.Number(ReplyField.Until);
    }

    public string Queue { get; }

    public Payload Value { get; }

    public long Id { get; }

    public int Priority { get; }

    /// <summary>How often it was taken, this time included.</summary>
    public int Attempts { get; }

    public DateTimeOffset AddedAt { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Whether it was popped with a lease. Without one it is the caller's, and there is nothing to
    /// settle.</summary>
    public bool IsLeased { get; internal init; }

    /// <summary>What settles the item, from another process too: see
    /// <see cref="SignalboxClient.AcknowledgeAsync"/>. It is good for as long as the lease lasts.</summary>
    public string Receipt { get; }

    /// <summary>Whether it was acknowledged or rejected through this object.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>When the lease ends, by the server's clock.</summary>
    public DateTimeOffset LeasedUntil => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _until));

    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);

    /// <summary>The item is done, and goes.</summary>
    /// <exception cref="SignalboxException">With code Conflict: the lease is over, and somebody else may have the
    /// item.</exception>
    public Task AcknowledgeAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        return SettleAsync(_client.AcknowledgeAsync(Queue, Receipt, cancellationToken));
    }

    /// <summary>The item goes back to the queue, at once or after a delay. After too many attempts it is a dead
    /// letter.</summary>
    public Task RejectAsync(TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        return SettleAsync(_client.RejectAsync(Queue, Receipt, delay, cancellationToken));
    }

    /// <summary>The lease ends this long from now.</summary>
    public async Task ExtendAsync(TimeSpan lease, CancellationToken cancellationToken = default)
    {
        ThrowIfNotLeased();
        await _client.ExtendAsync(Queue, Receipt, lease, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _until, (_client.Now + lease).ToUnixTimeMilliseconds());
    }

    /// <summary>Takes an item for good that was reserved for the way only.</summary>
    internal Task TakeAsync() => SettleAsync(_client.AcknowledgeAsync(Queue, Receipt, CancellationToken.None));

    /// <summary>Puts an item back that nobody waits for any more.</summary>
    internal Task PutBackAsync() =>
        SettleAsync(_client.RejectAsync(Queue, Receipt, TimeSpan.Zero, CancellationToken.None));

    private async Task SettleAsync(Task settling)
    {
        await settling.ConfigureAwait(false);
        IsSettled = true;
    }

    private void ThrowIfNotLeased()
    {
        if (!IsLeased) throw new InvalidOperationException("The item was popped without a lease: it is yours already.");
    }
}
