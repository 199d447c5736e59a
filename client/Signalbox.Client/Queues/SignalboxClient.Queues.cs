using System.Text.Json.Serialization.Metadata;
using Signalbox.Protocol.Commands;

namespace Signalbox.Client;

// Queues: work that waits, each item for one worker.
public sealed partial class SignalboxClient
{
    private static readonly Func<Reply, IReadOnlyList<PeekedItem>> ReadPeeked =
        static reply => reply.List(ReplyField.Value, PeekedItem.Read);

    private static readonly Func<Reply, IReadOnlyList<QueueInfo>> ReadQueues = static reply =>
        [.. reply.Entries(ReplyField.Value, QueueCounts.Read).Select(entry => new QueueInfo(entry.Key, entry.Value))];

    internal DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    /// <summary>Whether there is a connection or one is being made.</summary>
    internal bool Reconnects => _options.Reconnect && _link.IsTrying && !_isDisposed;

    /// <summary>The name of the queue of items that this queue gave up. They can be popped, peeked and cleared.</summary>
    public static string DeadLettersOf(string queue) => "$dead/" + queue;

    /// <returns>The number of the item.</returns>
    public Task<long> PushAsync(
        string queue, Payload value, PushOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        return SendAsync<PushRequest, long>(new PushRequest(queue, value, options ?? PushOptions.Default), cancellationToken);
    }

    /// <returns>See <see cref="PushAsync(string, Payload, PushOptions?, CancellationToken)"/>.</returns>
    public Task<long> PushAsync<T>(
        string queue, T value, JsonTypeInfo<T> typeInfo, PushOptions? options = null, CancellationToken cancellationToken = default) =>
        PushAsync(queue, Payload.From(value, typeInfo), options, cancellationToken);

    /// <summary>Takes an item.</summary>
    /// <remarks>
    /// <para>No item is lost to a broken connection or a cancelled pop: each is reserved on its way, and comes back to the
    /// queue when it does not arrive. Without <see cref="PopOptions.Lease"/> the client acknowledges it before it returns;
    /// where the connection breaks at that very moment, the item may be given out a second time.</para>
    /// <para>While it waits, a pop outlives reconnects. A cancelled wait may hold an item for a moment before it puts it back,
    /// which counts as an attempt.</para>
    /// </remarks>
    /// <returns>Null where there was none in time.</returns>
    public Task<QueueItem?> PopAsync(string queue, PopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        options ??= PopOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Wait ?? default, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Lease ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(options));
        return new Popping(this, queue, options, _options.CommandTimeout).PopAsync(cancellationToken);
    }

    /// <summary>
    /// Works off a queue: the handler gets each item; when it ends the item is acknowledged, when it throws the item comes
    /// back after a delay, and for as long as it runs the lease is extended.
    /// </summary>
    /// <remarks>The token stops it: no more items are taken, and the handlers' tokens are cancelled. It ends, without an
    /// exception, when all of them have; what a handler gave up on cancellation is back in the queue at once. A
    /// handler's token is cancelled too when its lease was lost: somebody else may have the item then.</remarks>
    /// <exception cref="SignalboxException">The server refuses to give items, and another try would not help.</exception>
    public Task ProcessAsync(
        string queue,
        Func<QueueItem, CancellationToken, ValueTask> handler,
        ProcessOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= ProcessOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lease, TimeSpan.FromMilliseconds(ProcessMinLease), nameof(options));
        return new QueueProcessor(this, queue, handler, options, _options, _logger).RunAsync(cancellationToken);
    }

    /// <summary>Looks at the items that would be taken next.</summary>
    public Task<IReadOnlyList<PeekedItem>> PeekAsync(string queue, int limit = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var request = new QueueRequest<IReadOnlyList<PeekedItem>>(CommandName.QPeek, queue, limit, ReadPeeked);
        return SendAsync<QueueRequest<IReadOnlyList<PeekedItem>>, IReadOnlyList<PeekedItem>>(request, cancellationToken);
    }

    public Task<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var request = new QueueRequest<QueueCounts>(CommandName.QCount, queue, null, QueueCounts.Read);
        return SendAsync<QueueRequest<QueueCounts>, QueueCounts>(request, cancellationToken);
    }

    /// <returns>How many items were deleted.</returns>
    public Task<long> ClearAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        return SendAsync<NumberRequest, long>(new NumberRequest(CommandName.QDelete, CallTraits.None, queue), cancellationToken);
    }

    /// <returns>How many items were deleted, of all queues together.</returns>
    public Task<long> ClearAllQueuesAsync(CancellationToken cancellationToken = default) =>
        SendAsync<NumberRequest, long>(new NumberRequest(CommandName.QDeleteAll, CallTraits.None, null), cancellationToken);

    /// <summary>Queues that have items.</summary>
    public IAsyncEnumerable<QueueInfo> QueuesAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(CommandName.Queues, prefix, ReadQueues, cancellationToken);

    internal long TimestampIn(TimeSpan time) => _calls.DeadlineIn(time);

    internal TimeSpan TimeUntil(long timestamp) =>
        _options.TimeProvider.GetElapsedTime(_options.TimeProvider.GetTimestamp(), timestamp);

    /// <summary>An item has come for a pop that was cancelled.</summary>
    internal static void PutBack(QueueItem? item)
    {
        // Nobody has to wait for it: where it fails, the lease sees to it.
        if (item is not null) _ = PutBackAsync(item);

        static async Task PutBackAsync(QueueItem item) =>
            await item.PutBackAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // An extension must have time to arrive.
    private const int ProcessMinLease = 100;
}
