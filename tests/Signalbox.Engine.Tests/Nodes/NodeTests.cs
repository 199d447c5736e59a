using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Nodes;

public sealed class NodeTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ChannelRules Rules = new([], new ChannelOptions { HistorySize = 100_000 });

    private readonly EmbeddedEngine _embedded = new(
        new ManualClock(), new MemoryLog(), Rules, EngineLimits.Default, EngineDurability.Default);
    private readonly WatchedEngine _engine;
    private readonly Node _node;

    public NodeTests()
    {
        _engine = new WatchedEngine(_embedded);
        _node = new Node("node 1", _engine, Rules);
    }

    public ValueTask InitializeAsync() => _embedded.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _embedded.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("news")]
    [InlineData("news/#")]
    public async Task The_engine_is_asked_once_however_many_subscribe(string name)
    {
        var subscriptions = new List<Subscription>();
        for (var i = 0; i < 3; i++) subscriptions.Add(await _node.SubscribeAsync(new NodeReader($"{i}"), name, None));
        Assert.Equal([$"+ {name} 1"], _engine.Said);

        foreach (var subscription in subscriptions) await _node.UnsubscribeAsync(subscription, None);
        await _node.UnsubscribeAsync(subscriptions[0], None);
        Assert.Equal([$"+ {name} 1", $"- {name} 1"], _engine.Said);

        await _node.SubscribeAsync(new NodeReader("again"), name, None);
        Assert.Equal($"+ {name} 2", _engine.Said[^1]);
        Assert.Equal(1, _node.ListenerCount);
    }

    [Fact]
    public async Task Who_was_given_a_value_by_a_filter_gets_what_is_behind_it()
    {
        var reader = new NodeReader("reader");
        var subscription = await _node.SubscribeAsync(reader, "rooms/#", None);
        await PublishAsync("rooms/1", 1);
        await _engine.Channel("rooms/1").PublishAsync(Requests.Publish("value") with { Retain = true }, None);
        await PublishAsync("rooms/1", 1);
        await PublishAsync("rooms/2", 1);
        var given = (await _engine.ListRetainedAsync("rooms/#", None)).Entries;
        await _node.WhenPassedOnAsync();

        subscription.GoLiveBehind(given.ToDictionary(one => one.Channel, one => one.Message));
        await PublishAsync("rooms/1", 1);
        await reader.WaitForAsync(3);

        Assert.Equal([3, 1, 4], reader.Offsets);
    }

    [Fact]
    public async Task Who_comes_while_the_first_attaches_waits_for_it()
    {
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Attaching = () => attached.Task;

        var first = _node.SubscribeAsync(new NodeReader("first"), "news", None).AsTask();
        var second = _node.SubscribeAsync(new NodeReader("second"), "news", None).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);

        attached.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["+ news 1"], _engine.Said);
    }

    [Fact]
    public async Task A_failed_attachment_fails_all_who_wait_for_it_and_nobody_else()
    {
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Attaching = () => attached.Task;
        var first = _node.SubscribeAsync(new NodeReader("first"), "news", None).AsTask();
        var second = _node.SubscribeAsync(new NodeReader("second"), "news", None).AsTask();

        attached.SetException(new IOException("The silo is gone."));
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        Assert.Equal(0, _node.ListenerCount);
        Assert.Empty(_node.ListChannels(new ListRequest("", null, 10)).Entries);

        _engine.Attaching = () => Task.CompletedTask;
        var reader = await LiveAsync("third", "news");
        await PublishAsync("news", 1);
        Assert.Equal([1L], await reader.WaitForAsync(1));
    }

    [Fact]
    public async Task A_message_is_written_once_a_protocol_and_all_get_the_same_bytes()
    {
        var one = new CountingFormat();
        var other = new CountingFormat();
        var readers = new List<NodeReader>();
        for (var i = 0; i < 6; i++) readers.Add(await LiveAsync($"{i}", "news", i < 3 ? one : other));

        await PublishAsync("news", 1);
        foreach (var reader in readers) await reader.WaitForAsync(1);

        Assert.Equal((1, 1), (one.Count, other.Count));
        Assert.All(readers[..3], reader => Assert.Same(readers[0].Encoded[0], reader.Encoded[0]));
        Assert.All(readers[3..], reader => Assert.Same(readers[3].Encoded[0], reader.Encoded[0]));
    }

    [Fact]
    public async Task Overlapping_subscriptions_give_one_copy()
    {
        var reader = await LiveAsync("reader", "rooms/1");
        foreach (var filter in (string[])["rooms/+", "rooms/#", "#"])
        {
            (await _node.SubscribeAsync(reader, filter, None)).GoLive(new ChannelPosition("", 0));
        }

        await PublishAsync("rooms/1", 10);

        Assert.Equal(1, _node.CountAudience("rooms/1"));
        Assert.Equal(Offsets(10), await reader.WaitForAsync(10));
    }

    [Fact]
    public async Task Who_enters_a_channel_that_its_filter_already_brings_misses_nothing_on_the_way_in()
    {
        var reader = new NodeReader("reader");
        (await _node.SubscribeAsync(reader, "rooms/#", None)).GoLive(new ChannelPosition("", 0));
        var witness = await LiveAsync("witness", "rooms/1");
        var subscription = await _node.SubscribeAsync(reader, "rooms/1", None);
        await PublishAsync("rooms/1", 1);
        await witness.WaitForAsync(1);

        var entered = await _engine.Channel("rooms/1").EnterAsync(new EnterRequest(null, null), None);
        _node.GoLive(subscription, entered);
        await PublishAsync("rooms/1", 1);

        Assert.Equal(Offsets(2), await reader.WaitForAsync(2));
    }

    [Fact]
    public async Task What_comes_before_a_subscriber_is_live_waits_for_it_without_what_it_has_seen()
    {
        var reader = new NodeReader("reader");
        var witness = await LiveAsync("witness", "news");
        var subscription = await _node.SubscribeAsync(reader, "news", None);
        await PublishAsync("news", 5);
        await witness.WaitForAsync(5);
        Assert.Empty(reader.Offsets);

        var entered = await _engine.Channel("news").EnterAsync(new EnterRequest(null, null), None);
        await PublishAsync("news", 2);
        subscription.GoLive(entered.Position with { Offset = 3 });

        Assert.Equal([4L, 5L, 6L, 7L], await reader.WaitForAsync(4));
    }

    [Fact]
    public async Task Who_reads_a_long_history_too_slowly_falls_behind()
    {
        var reader = new NodeReader("reader");
        var witness = await LiveAsync("witness", "news");
        await _node.SubscribeAsync(reader, "news", None);

        // Each is a batch of its own: the next is published when it has come through.
        for (var i = 0; i <= 10_000; i++)
        {
            await PublishAsync("news", 1);
            await witness.WaitForAsync(i + 1);
        }

        await PublishAsync("news", 1);
        await witness.WaitForAsync(10_002);
        Assert.True(reader.HasFallenBehind);
    }

    [Fact]
    public async Task Who_has_left_gets_nothing_and_is_counted_nowhere()
    {
        var reader = new NodeReader("reader");
        var subscription = await _node.SubscribeAsync(reader, "news", None);
        subscription.GoLive(default);
        var witness = await LiveAsync("witness", "news");

        await _node.UnsubscribeAsync(subscription, None);
        await PublishAsync("news", 1);
        await witness.WaitForAsync(1);

        Assert.Empty(reader.Offsets);
        Assert.Equal(1, _node.CountAudience("news"));
        Assert.Equal(["peer of witness"], _node.ListChannels(new ListRequest("", null, 10)).Entries.Single().Peers);
    }

    [Fact]
    public async Task Who_comes_back_again_and_again_misses_nothing_and_sees_nothing_twice()
    {
        const int Publishers = 3;
        const int Each = 3_000;
        var publishing = Enumerable.Range(0, Publishers).Select(_ => Task.Factory.StartNew(
            () => PublishAsync("news", Each), None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());

        var done = Task.WhenAll(publishing.ToList());
        var readers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ReadAllAsync($"reader {i}", Publishers * Each, 7 + i)));
        await done;

        Assert.All(readers, offsets => Assert.Equal(Offsets(Publishers * Each), offsets));
    }

    [Fact]
    public async Task Nobody_is_forgotten_who_subscribes_while_the_last_leaves()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < 500; round++)
            {
                var reader = new NodeReader($"{worker}");
                var subscription = await _node.SubscribeAsync(reader, "news", None);
                var entered = await _engine.Channel("news").EnterAsync(new EnterRequest(null, null), None);
                subscription.GoLive(entered.Position);
                var published = await _engine.Channel("news").PublishAsync(Requests.Publish("here"), None);
                Assert.True(published.Handed > 0);
                var received = await reader.WaitForAsync((int)(published.Offset - entered.Position.Offset));
                Assert.Equal(entered.Position.Offset + 1, received[0]);
                await _node.UnsubscribeAsync(subscription, None);
            }
        })));

        Assert.Equal(0, _node.ListenerCount);
        Assert.Equal(0, _node.CountAudience("news"));
        Assert.Equal(_engine.Said.Count(said => said[0] == '+'), _engine.Said.Count(said => said[0] == '-'));
    }

    private static IEnumerable<long> Offsets(int count) => Enumerable.Range(1, count).Select(offset => (long)offset);

    private async Task<NodeReader> LiveAsync(string id, string name, WireFormat? format = null)
    {
        var reader = new NodeReader(id, format);
        (await _node.SubscribeAsync(reader, name, None)).GoLive(new ChannelPosition("", 0));
        return reader;
    }

    private async Task PublishAsync(string channel, int count)
    {
        for (var i = 0; i < count; i++) await _engine.Channel(channel).PublishAsync(Requests.Publish("hello"), None);
    }

    // Comes, reads a few, goes, and comes back with its position until it has seen everything.
    private async Task<List<long>> ReadAllAsync(string id, int total, int few)
    {
        var seen = new List<long>();
        var epoch = "";
        while (seen.Count < total)
        {
            var reader = new NodeReader(id);
            var subscription = await _node.SubscribeAsync(reader, "news", None);
            var answer = await _engine.Channel("news")
                .EnterAsync(new EnterRequest(null, new ChannelPosition(epoch, seen.Count == 0 ? 0 : seen[^1])), None);
            Assert.True(answer.Recovered);
            epoch = answer.Position.Epoch;
            reader.Take(answer.Messages.Select(message => message.Offset));
            subscription.GoLive(answer.Position);
            await reader.WaitForAsync(Math.Min(few, total - seen.Count));
            await _node.UnsubscribeAsync(subscription, None);
            seen.AddRange(reader.Offsets);
        }

        return seen;
    }

    private sealed class CountingFormat : WireFormat
    {
        public int Count { get; private set; }

        protected internal override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
        {
            Count++;
            return new EncodedBatch("some bytes"u8.ToArray(), null);
        }
    }
}
