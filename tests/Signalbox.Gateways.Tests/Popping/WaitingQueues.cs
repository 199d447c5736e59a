using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Popping;

/// <summary>An engine at whose queues every pop waits for what the test has it end with.</summary>
internal sealed class WaitingQueues(IEngine engine, Task<PopAnswer> popping) : PassingEngine(engine)
{
    public override IQueue Queue(string name, QueuePart part) => new WaitingQueue(base.Queue(name, part), popping);

    private sealed class WaitingQueue(IQueue queue, Task<PopAnswer> popping) : IQueue
    {
        public ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken) => new(popping);

        public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken) =>
            queue.PushAsync(request, cancellationToken);

        public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken) =>
            queue.AcknowledgeAsync(receipt, cancellationToken);

        public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken) =>
            queue.ReturnAsync(request, cancellationToken);

        public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken) =>
            queue.ExtendAsync(receipt, lease, cancellationToken);

        public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken) =>
            queue.PeekAsync(limit, cancellationToken);

        public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken) => queue.CountAsync(cancellationToken);

        public ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken) => queue.ClearAsync(cancellationToken);
    }
}
