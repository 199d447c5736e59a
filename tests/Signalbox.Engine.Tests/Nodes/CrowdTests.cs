using System.Globalization;
using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>A hundred thousand subscriptions: one costs what it costs among a thousand, counted in bytes and not in time.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Many = 100_000;
    private const int Some = 1_000;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly EmbeddedEngine _engine = new(
        new ManualClock(), new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
    private readonly Node _node;

    public CrowdTests() => _node = new Node("node 1", _engine, ChannelRules.Default);

    public ValueTask InitializeAsync() => _engine.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("f{0}/#", 900)]
    [InlineData("a/b/c/{0}/+", 900)]
    [InlineData("room/{0}", 3_000)]
    public void Names_of_their_own_cost_no_more_among_many(string form, int mostBytes)
    {
        var connections = Enumerable.Range(0, 10).Select(n => new NodeReader($"{n}")).ToArray();
        var names = Enumerable.Range(0, Many).Select(n => string.Format(CultureInfo.InvariantCulture, form, n)).ToArray();
        var seats = new Subscription[Many];

        var first = Cost(0, Some, n => seats[n] = Done(_node.SubscribeAsync(connections[n % 10], names[n], None)));
        var between = Cost(Some, Many - Some, n => seats[n] = Done(_node.SubscribeAsync(connections[n % 10], names[n], None)));
        var last = Cost(Many - Some, Many, n => seats[n] = Done(_node.SubscribeAsync(connections[n % 10], names[n], None)));

        Assert.InRange(last, 1, 2 * first);
        Assert.InRange((first + between + last) / Many, 1, mostBytes);

        var firstGone = Cost(0, Some, n => Done(_node.UnsubscribeAsync(seats[n], None)));
        Cost(Some, Many - Some, n => Done(_node.UnsubscribeAsync(seats[n], None)));
        var lastGone = Cost(Many - Some, Many, n => Done(_node.UnsubscribeAsync(seats[n], None)));
        Assert.InRange(firstGone, 1, 2 * lastGone);
        Assert.Equal(0, _node.SubscriptionCount);
        Assert.Equal(0, _node.CountAudience(names[0]));
    }

    [Fact]
    public void Subscribers_of_one_filter_cost_no_more_among_many_where_each_also_enters_a_channel()
    {
        var seats = new Subscription[Many];
        var first = Cost(0, Some, n => Enter(seats, n));
        Cost(Some, Many - Some, n => Enter(seats, n));
        var last = Cost(Many - Some, Many, n => Enter(seats, n));

        Assert.InRange(last, 1, 2 * first);
        Assert.Equal(Many, _node.CountAudience("rooms/elsewhere"));
        Cost(0, Many, n => Done(_node.UnsubscribeAsync(seats[n], None)));
        Assert.Equal(0, _node.CountAudience("rooms/elsewhere"));
    }

    private static T Done<T>(ValueTask<T> doing)
    {
        Assert.True(doing.IsCompletedSuccessfully);
        return doing.Result;
    }

    private static void Done(ValueTask doing) => Assert.True(doing.IsCompletedSuccessfully);

    private static long Cost(int from, int to, Action<int> act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = from; n < to; n++) act(n);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Enter(Subscription[] seats, int n)
    {
        var reader = new NodeReader("reader");
        seats[n] = Done(_node.SubscribeAsync(reader, "rooms/#", None));
        var own = Done(_node.SubscribeAsync(reader, $"rooms/{n % Some}", None));
        // Asks whether this one also listens by a filter.
        _node.GoLive(own, new EnterAnswer(default, new ChannelPosition("", 0), 1, Recovered: false, [], null));
    }
}
