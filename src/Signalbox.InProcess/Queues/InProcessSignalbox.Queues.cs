using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;
using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess;

// Queues: work that waits, each item for one worker. The queue $dead/NAME is what the queue NAME gave up on.
public sealed partial class InProcessSignalbox
{
    public async Task<long> PushAsync(
        string queue, Payload value, PushOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= PushOptions.Default;
        Checks.Name(queue, mayBeSystem: false);
        Checks.Value(value);
        Checks.Id(options.Id);

        var request = new PushRequest(
            value, Checks.Headers(options.Headers), options.Priority, options.Delay, options.Ttl, options.Id);
        var answer = await QueueOf(queue).PushAsync(request, cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.ItemId;
    }

    public async Task<QueueItem?> PopAsync(
        string queue, PopOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= PopOptions.Default;
        var source = QueueOf(queue);
        var answer = await source.PopAsync(new PopRequest(options.Lease, options.Wait), cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        if (answer.Item is null) return null;

        // Without a lease the engine hands it over, until it hears that it arrived. It has.
        if (options.Lease is null) await source.AcknowledgeAsync(answer.Receipt, CancellationToken.None).Apart();
        return new QueueItem(this, queue, answer, isLeased: options.Lease is not null);
    }

    public Task ProcessAsync(
        string queue,
        Func<QueueItem, CancellationToken, ValueTask> handler,
        ProcessOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= ProcessOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lease, TimeSpan.FromMilliseconds(100), nameof(options));
        return new QueueProcessor(this, queue, handler, options, _logger).RunAsync(cancellationToken);
    }

    public async Task AcknowledgeAsync(string queue, Receipt receipt, CancellationToken cancellationToken = default) =>
        SignalboxException.ThrowIf(await QueueOf(queue).AcknowledgeAsync(receipt, cancellationToken).Apart());

    public async Task RejectAsync(
        string queue, Receipt receipt, TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        var request = new ReturnRequest(receipt, delay, CountAttempt: true);
        SignalboxException.ThrowIf(await QueueOf(queue).ReturnAsync(request, cancellationToken).Apart());
    }

    public async Task ExtendAsync(
        string queue, Receipt receipt, TimeSpan lease, CancellationToken cancellationToken = default) =>
        SignalboxException.ThrowIf(await QueueOf(queue).ExtendAsync(receipt, lease, cancellationToken).Apart());

    public async Task<IReadOnlyList<Core.Queues.QueueItem>> PeekAsync(
        string queue, int limit = 1, CancellationToken cancellationToken = default)
    {
        if (limit < 1) throw new SignalboxException(ErrorCode.Malformed, "A limit is 1 or more.");

        return await QueueOf(queue).PeekAsync(limit, cancellationToken).Apart();
    }

    public async Task<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken = default) =>
        await QueueOf(queue).CountAsync(cancellationToken).Apart();

    public async Task<long> ClearAsync(string queue, CancellationToken cancellationToken = default)
    {
        var answer = await QueueOf(queue).ClearAsync(cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Count;
    }

    public async Task<long> ClearAllQueuesAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _engine.ClearAllQueuesAsync(cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Count;
    }

    public IAsyncEnumerable<QueueEntry> QueuesAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(prefix, request => _engine.ListQueuesAsync(request, cancellationToken), cancellationToken);

    private IQueue QueueOf(string queue)
    {
        const string dead = Core.Names.Name.DeadLettersPrefix;
        Checks.Name(queue, mayBeSystem: true);
        var (name, part) = queue.StartsWith(dead, StringComparison.Ordinal) && queue.Length > dead.Length
            ? (queue[dead.Length..], QueuePart.Dead)
            : (queue, QueuePart.Live);
        Checks.Name(name, mayBeSystem: false);
        return _engine.Queue(name, part);
    }
}
