using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Tests.Queues;

/// <summary>A pop that is served although nobody wants the item any more.</summary>
public sealed class CancelledPopTests(TwoSilos silos)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_for_a_pop_that_was_cancelled_goes_back_as_if_nobody_had_taken_it()
    {
        var queue = silos.Engines[^1].Queue("cancelled pops", QueuePart.Live);
        var pushed = await queue.PushAsync(new PushRequest(Payload.Null, Headers.None, 0, TimeSpan.Zero, null, Id: null), Token);
        var pop = new PopRequest(TimeSpan.FromMinutes(1), TimeSpan.Zero);
        var cancelled = new CancellationToken(canceled: true);

        // The queue hears nothing of that: it serves the call.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.PopAsync(pop, cancelled).AsTask());

        var popped = await queue.PopAsync(pop, Token);
        Assert.Equal((pushed.ItemId, 1), (popped.Item?.Id, popped.Item?.Attempts));
        await queue.AcknowledgeAsync(popped.Receipt, Token);
    }
}
