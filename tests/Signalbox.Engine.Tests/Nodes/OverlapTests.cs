using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>Subscriptions that match the same names, by filters made for that: who gets a message, and what it costs.</summary>
public sealed class OverlapTests : IAsyncLifetime
{
    private const int Levels = 13;
    private const int Connections = 5;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Deep = string.Join('/', Enumerable.Repeat("a", Levels));

    private readonly EmbeddedEngine _engine = new(
        new ManualClock(), new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
    private readonly Node _node;

    public OverlapTests() => _node = new Node("node 1", _engine, ChannelRules.Default);

    public ValueTask InitializeAsync() => _engine.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Who_has_every_filter_that_a_name_matches_gets_one_copy_and_costs_what_one_filter_does()
    {
        var readers = new List<NodeReader>();
        for (var n = 0; n < Connections; n++)
        {
            readers.Add(new NodeReader($"{n}"));
            for (var bits = 0; bits < 1 << Levels; bits++) await LiveAsync(readers[n], FilterOf(bits));
        }

        // What there is to say of it is found out once.
        await PublishAsync(Deep, 2);
        foreach (var reader in readers) await reader.WaitForAsync(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var counted = 0;
        for (var n = 0; n < 100; n++) counted += _node.CountAudience(Deep);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((100 * Connections, 0), (counted, allocated));

        await PublishAsync(Deep, 98);
        foreach (var reader in readers) Assert.Equal(Enumerable.Range(1, 100).Select(n => (long)n), await reader.WaitForAsync(100));
        Assert.Equal(Connections, _node.RememberedSeats);
    }

    [Fact]
    public async Task Who_comes_or_goes_is_counted_at_once_whatever_is_remembered()
    {
        var subscribers = Enumerable.Range(0, 40).Select(n => new NodeReader($"{n}")).ToArray();
        string[] names = ["rooms/1/door", "rooms/+/door", "rooms/#", "rooms/1/+", "+/1/#"];
        var seats = new List<(NodeReader Reader, Subscription Seat)>();
        var random = new Random(11);
        for (var step = 0; step < 3_000; step++)
        {
            if (seats.Count < 90 || random.Next(2) == 0)
            {
                var reader = subscribers[random.Next(subscribers.Length)];
                seats.Add((reader, await LiveAsync(reader, names[random.Next(names.Length)])));
            }
            else
            {
                var at = random.Next(seats.Count);
                await _node.UnsubscribeAsync(seats[at].Seat, None);
                seats.RemoveAt(at);
            }

            var expected = seats.Select(seat => seat.Reader).Distinct().Count();
            Assert.Equal(expected, _node.CountAudience("rooms/1/door"));
            if (step % 3 == 0) Assert.Equal(expected, _node.CountAudience("rooms/1/door"));
        }
    }

    [Fact]
    public async Task Who_enters_a_channel_that_its_filter_brings_to_many_misses_nothing_on_the_way_in()
    {
        for (var n = 0; n < 20; n++) await LiveAsync(new NodeReader($"{n}"), "rooms/#");
        var reader = new NodeReader("reader");
        await LiveAsync(reader, "rooms/#");
        var gone = await LiveAsync(new NodeReader("gone"), "rooms/#");
        await _node.UnsubscribeAsync(gone, None);
        var own = await _node.SubscribeAsync(reader, "rooms/1", None);
        await PublishAsync("rooms/1", 1);
        await _node.WhenPassedOnAsync();

        var entered = await _engine.Channel("rooms/1").EnterAsync(new EnterRequest(null, null), None);
        _node.GoLive(own, entered);
        await PublishAsync("rooms/1", 1);

        Assert.Equal([1L, 2L], await reader.WaitForAsync(2));
    }

    [Fact]
    public async Task Nobody_is_kept_by_what_is_remembered_of_a_channel()
    {
        var readers = Enumerable.Range(0, 40).Select(n => new NodeReader($"{n}")).ToArray();
        var exact = new List<Subscription>();
        var byFilter = new List<Subscription>();
        foreach (var reader in readers)
        {
            exact.Add(await LiveAsync(reader, "rooms/1"));
            byFilter.Add(await LiveAsync(reader, "rooms/#"));
        }

        Assert.Equal(40, _node.CountAudience("rooms/1"));
        Assert.Equal(40, _node.RememberedSeats);
        await _node.UnsubscribeAsync(exact[0], None);
        Assert.Equal(0, _node.RememberedSeats);

        Assert.Equal(40, _node.CountAudience("rooms/1"));
        Assert.Equal(40, _node.RememberedSeats);
        await _node.UnsubscribeAsync(byFilter[0], None);
        Assert.Equal(0, _node.RememberedSeats);
        Assert.Equal(39, _node.CountAudience("rooms/1"));
    }

    [Fact]
    public async Task Who_leaves_while_those_remembered_are_given_a_message_is_told_so_when_all_have_it()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        var holding = new NodeReader("holding", new HoldingFormat(reached, go));
        var leaving = new NodeReader("leaving");
        await LiveAsync(holding, "rooms/1");
        await LiveAsync(holding, "rooms/#");
        for (var n = 0; n < 64; n++) await LiveAsync(new NodeReader($"{n}"), "rooms/#");
        var seat = await LiveAsync(leaving, "rooms/+");
        Assert.Equal(66, _node.CountAudience("rooms/1"));
        Assert.Equal(66, _node.RememberedSeats);
        await PublishAsync("rooms/1", 1);
        await reached.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        var left = _node.UnsubscribeAsync(seat, None).AsTask();
        var isToldAtOnce = left.IsCompleted;
        go.Set();
        await left.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.False(isToldAtOnce);
        var given = leaving.Offsets.Count;
        await PublishAsync("rooms/1", 1);
        await holding.WaitForAsync(2);
        await _node.WhenPassedOnAsync();
        Assert.Equal(given, leaving.Offsets.Count);
    }

    [Fact]
    public async Task Subscribers_that_come_and_go_while_messages_pass_miss_nothing_between()
    {
        const int most = 3_000;
        var staying = new NodeReader("staying");
        for (var n = 0; n < 70; n++) await LiveAsync(new NodeReader($"{n}"), n % 2 == 0 ? "rooms/#" : "rooms/1");
        await LiveAsync(staying, "rooms/#");
        await LiveAsync(staying, "rooms/1");

        var passing = Task.Run(async () =>
        {
            var (reader, count) = (new NodeReader("passing"), 0);
            while (staying.Offsets.Count < most)
            {
                var filter = await LiveAsync(reader, "rooms/+");
                var exact = await LiveAsync(reader, "rooms/1");
                // It was told that it subscribes: it is counted, and gets what is published from here on.
                var answer = await _engine.Channel("rooms/1").PublishAsync(Requests.Publish("own"), None);
                await _node.WhenPassedOnAsync();
                Assert.Contains(answer.Offset, reader.Offsets);
                await _node.UnsubscribeAsync(exact, None);
                await _node.UnsubscribeAsync(filter, None);
                count = reader.Offsets.Count;
                await _engine.Channel("rooms/1").PublishAsync(Requests.Publish("not for it"), None);
                await _node.WhenPassedOnAsync();
                Assert.Equal(count, reader.Offsets.Count);
                Assert.Equal(count, reader.Offsets.Distinct().Count());
            }
        }, TestContext.Current.CancellationToken);
        for (var n = 0; n < most && !passing.IsCompleted; n++) await PublishAsync("rooms/1", 1);

        await passing.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await _node.WhenPassedOnAsync();
        Assert.Equal(Enumerable.Range(1, staying.Offsets.Count).Select(n => (long)n), staying.Offsets);
    }

    private static string FilterOf(int bits) =>
        string.Join('/', Enumerable.Range(0, Levels).Select(level => (bits >> level & 1) == 0 ? "a" : "+"));

    private async Task<Subscription> LiveAsync(NodeReader reader, string name)
    {
        var subscription = await _node.SubscribeAsync(reader, name, None);
        subscription.GoLive(new ChannelPosition("", 0));
        return subscription;
    }

    private async Task PublishAsync(string channel, int count)
    {
        for (var n = 0; n < count; n++) await _engine.Channel(channel).PublishAsync(Requests.Publish("hello"), None);
    }

    /// <summary>Holds the pump up where it writes the first message.</summary>
    private sealed class HoldingFormat(TaskCompletionSource reached, ManualResetEventSlim go) : WireFormat
    {
        protected internal override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
        {
            reached.TrySetResult();
            Assert.True(go.Wait(Patience, None));
            return new EncodedBatch("some bytes"u8.ToArray(), null);
        }
    }
}
