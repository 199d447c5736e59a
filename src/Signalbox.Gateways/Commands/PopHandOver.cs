using Signalbox.Core.Queues;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Commands;

/// <summary>
/// An item on its way to the peer. Without a lease it is gone when the reply is written; in either case it goes back
/// to its place in the queue, at once, where the connection ended before.
/// </summary>
internal sealed class PopHandOver(CommandSession session, IQueue queue, Receipt receipt, bool isReserved) : IHandOver
{
    public void Written()
    {
        if (!isReserved) session.Background.Add(queue.AcknowledgeAsync(receipt, CancellationToken.None).AsTask());
    }

    // Whoever calls this holds locks of the way out, so the queue is told from elsewhere.
    public void Lost() =>
        session.Background.Add(Task.Run(() =>
            queue.ReturnAsync(new ReturnRequest(receipt, TimeSpan.Zero, CountAttempt: false), CancellationToken.None).AsTask()));
}
