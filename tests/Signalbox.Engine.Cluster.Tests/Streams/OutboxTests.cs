using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Cluster.Tests.Streams;

/// <summary>What a grain sends, over lines that a test holds up.</summary>
public sealed class OutboxTests
{
    private static readonly string[] Node = ["node"];

    private readonly HeldLines _lines = new();

    [Fact]
    public async Task One_pack_is_under_way_to_a_node_and_what_comes_meanwhile_goes_together_in_its_order()
    {
        var outbox = new Outbox(_lines, "news", 100, static () => default);

        var handed = Enumerable.Range(1, 5).Select(offset => outbox.SendAsync(Delivery(offset), Node)).ToList();
        Assert.Equal([[1]], _lines.Packs);
        _lines.LetGo();
        await handed[0];
        _lines.LetGo();
        var counts = await Task.WhenAll(handed);

        Assert.Equal([[1], [2, 3, 4, 5]], _lines.Packs);
        Assert.Equal([7, 7, 7, 7, 7], counts);
    }

    [Fact]
    public async Task Of_more_than_the_backlog_the_oldest_go_and_nobody_counts_them()
    {
        var outbox = new Outbox(_lines, "news", 3, static () => default);

        var handed = Enumerable.Range(1, 6).Select(offset => outbox.SendAsync(Delivery(offset), Node)).ToList();
        _lines.LetGo();
        await handed[0];
        _lines.LetGo();
        var counts = await Task.WhenAll(handed);

        Assert.Equal([[1], [4, 5, 6]], _lines.Packs);
        Assert.Equal([7, 0, 0, 7, 7, 7], counts);
    }

    [Fact]
    public async Task A_node_that_is_slow_holds_up_no_other()
    {
        var outbox = new Outbox(_lines, "news", 100, static () => default);
        _ = outbox.SendAsync(Delivery(1), Node);

        _lines.IsHeld = false;
        var other = await outbox.SendAsync(Delivery(2), ["other"]);

        Assert.Equal(7, other);
        Assert.Equal([[1], [2]], _lines.Packs);
        _lines.LetGo();
    }

    [Fact]
    public async Task Nothing_is_sent_before_it_is_stored()
    {
        var stored = new TaskCompletionSource();
        var outbox = new Outbox(_lines, "news", 100, () => new ValueTask(stored.Task));
        _lines.IsHeld = false;

        var handed = outbox.SendAsync(Delivery(1), Node);
        Assert.Empty(_lines.Packs);
        stored.SetResult();

        Assert.Equal(7, await handed);
    }

    [Fact]
    public async Task Nobody_hears_of_what_may_not_be_stored_and_of_what_follows_everybody_does()
    {
        var stored = new TaskCompletionSource();
        var outbox = new Outbox(_lines, "news", 100, () => new ValueTask(stored.Task));
        _lines.IsHeld = false;
        var lost = new[] { outbox.SendAsync(Delivery(1), Node), outbox.SendAsync(Delivery(2), Node) };

        stored.SetException(new LogFailedException("Nobody knows.", null));
        var counts = await Task.WhenAll(lost);
        Assert.Equal([0, 0], counts);
        Assert.Empty(_lines.Packs);
        stored = new();
        stored.SetResult();

        Assert.Equal(7, await outbox.SendAsync(Delivery(3), Node));
        Assert.Equal([[3]], _lines.Packs);
    }

    [Fact]
    public async Task What_waits_for_a_node_that_is_lost_is_for_nobody()
    {
        var outbox = new Outbox(_lines, "news", 100, static () => default);
        _ = outbox.SendAsync(Delivery(1), Node);
        var waiting = outbox.SendAsync(Delivery(2), Node);

        outbox.Lose("node");

        Assert.Equal(0, await waiting);
        _lines.LetGo();
    }

    private static MessageDelivery Delivery(long offset) => new(
        "news", "e1", new Message(offset, default, new Payload("1"u8.ToArray(), PayloadKind.Json), Headers.None, "test", null, false));

    private sealed class HeldLines : INodeLines
    {
        private readonly SemaphoreSlim _goes = new(0);

        public List<long[]> Packs { get; } = [];

        public bool IsHeld { get; set; } = true;

        public void LetGo() => _goes.Release();

        public Task PutAsync(string node, DeliveryPack pack)
        {
            Packs.Add([.. pack.Deliveries.Cast<MessageDelivery>().Select(delivery => delivery.Message.Offset)]);
            return IsHeld ? _goes.WaitAsync() : Task.CompletedTask;
        }

        public bool Knows(string node) => true;

        public ValueTask<int> CountAudienceAsync(string node, string channel) => new(7);
    }
}
