using Orleans.Streams;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Cluster.Tests.Streams;

public sealed class InboxQueueTests
{
    private readonly InboxQueue _queue = new("node", QueueId.GetQueueId("inbox", 0, 0));

    [Fact]
    public void Packs_that_gathered_are_taken_as_one_in_their_order()
    {
        _queue.TryPut(Pack("a", "b"));
        _queue.TryPut(Pack("c"));

        Assert.Equal(["a", "b", "c"], Sources(_queue.TryTake()));
        Assert.Null(_queue.TryTake());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void As_much_waits_as_is_kept_and_what_is_taken_makes_room()
    {
        var large = Pack([.. Enumerable.Range(0, 50_000).Select(i => $"{i}")]);

        Assert.True(_queue.TryPut(large));
        Assert.True(_queue.TryPut(large));
        Assert.False(_queue.TryPut(Pack("more")));
        Assert.Equal(100_000, _queue.Count);
        _queue.TryTake();
        Assert.True(_queue.TryPut(Pack("more")));
    }

    [Fact]
    public async Task Whoever_waits_hears_of_what_comes_and_of_the_end()
    {
        var first = _queue.WhenAnyAsync();
        Assert.False(first.IsCompleted);
        _queue.TryPut(Pack("a"));
        await first;
        _queue.TryTake();

        var second = _queue.WhenAnyAsync();
        _queue.Close();
        await second;
    }

    private static DeliveryPack Pack(params string[] sources) =>
        new([.. sources.Select(source => new DirectDelivery("user", new Payload("1"u8.ToArray(), PayloadKind.Json), Headers.None, source))]);

    private static IEnumerable<string> Sources(DeliveryPack? pack) =>
        pack!.Deliveries.Cast<DirectDelivery>().Select(delivery => delivery.Source); // It was put there.
}
