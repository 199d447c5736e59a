using System.Collections.Concurrent;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Shards;

public sealed class PopRaceTests
{
    [Fact]
    public async Task Cancelled_poppers_lose_no_item_and_get_none_twice()
    {
        const int Pushers = 2;
        const int Each = 5_000;
        using var engine = new EmbeddedEngine(new ManualClock(), new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
        var work = engine.Queue("work", QueuePart.Live);
        var popped = new ConcurrentBag<long>();
        using var pushed = new CancellationTokenSource();

        var poppers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!pushed.IsCancellationRequested)
            {
                using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(pushed.Token);
                var popping = work.PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
                // Cancelled while items are coming in: sometimes before it is served, sometimes after.
                await cancellation.CancelAsync();
                try
                {
                    var answer = await popping;
                    popped.Add(answer.Receipt.Item);
                    Assert.Equal(Refusal.None, await work.AcknowledgeAsync(answer.Receipt, CancellationToken.None));
                }
                catch (OperationCanceledException)
                {
                    // It took nothing.
                }
            }
        })).ToList();
        var ids = await Task.WhenAll(Enumerable.Range(0, Pushers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < Each; i++)
            {
                mine.Add((await work.PushAsync(Requests.Push("item"), CancellationToken.None)).ItemId);
            }

            return mine;
        })));
        await pushed.CancelAsync();
        await Task.WhenAll(poppers);

        while (await work.PopAsync(Requests.PopNow, CancellationToken.None) is { Item: not null } left)
        {
            popped.Add(left.Receipt.Item);
        }

        Assert.Equal(ids.SelectMany(mine => mine).Order(), popped.Order());
    }
}
