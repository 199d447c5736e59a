using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Tests.Queues;

/// <summary>A pop that asks again, since it got no answer: its calls before may be there all the same, and come late.
/// </summary>
[Collection("clock")] // While nobody else moves it: leases end in time.
public sealed class PopAgainTests(TwoSilos silos)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static int _tests;

    private readonly int _test = Interlocked.Increment(ref _tests);
    private int _calls;

    private IQueueGrain Queue => silos.Cluster.Client.GetGrain<IQueueGrain>($"again {_test}");

    // Nothing overtakes anything.
    private CallTurn NextTurn => new(Caller: _test, Lane: 1, Number: _calls++);

    [Fact]
    public async Task Who_waits_takes_the_place_of_its_call_before_which_gets_nothing()
    {
        var first = PopAsync(pop: 1, asks: 1, TimeSpan.FromHours(1));
        var second = PopAsync(pop: 1, asks: 2, TimeSpan.FromHours(1));

        Assert.Null((await first).Item);
        var pushed = await PushAsync();

        Assert.Equal(pushed, (await second).Item?.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_its_call_before_has_taken_is_given_again_and_counts_once(bool waits)
    {
        var first = waits ? PopAsync(pop: 1, asks: 1, TimeSpan.FromHours(1)) : null;
        var pushed = await PushAsync();
        var lost = await (first ?? PopAsync(pop: 1, asks: 1, TimeSpan.Zero));
        Assert.Equal(pushed, lost.Item?.Id);

        var again = await PopAsync(pop: 1, asks: 2, TimeSpan.Zero);

        Assert.Equal((pushed, 1), (again.Item?.Id, again.Item?.Attempts));
        Assert.Equal(Refusal.LeaseLost, await Queue.AcknowledgeAsync(NextTurn, lost.Receipt));
        Assert.Equal(Refusal.None, await Queue.AcknowledgeAsync(NextTurn, again.Receipt));
    }

    [Fact]
    public async Task A_call_that_comes_late_takes_nothing_from_anybody()
    {
        var pushed = await PushAsync();
        var popped = await PopAsync(pop: 1, asks: 2, TimeSpan.Zero);
        await PushAsync();

        Assert.Null((await PopAsync(pop: 1, asks: 1, TimeSpan.FromHours(1))).Item);

        var counts = await Queue.CountAsync(NextTurn);
        Assert.Equal((1, 1), (counts.Ready, counts.Leased));
        Assert.Equal((pushed, Refusal.None), (popped.Item?.Id, await Queue.AcknowledgeAsync(NextTurn, popped.Receipt)));
    }

    [Fact]
    public async Task Another_pop_takes_nothing_back()
    {
        await PushAsync();
        await PopAsync(pop: 1, asks: 1, TimeSpan.Zero);

        Assert.Null((await PopAsync(pop: 2, asks: 2, TimeSpan.Zero)).Item);
    }

    [Fact]
    public async Task Of_a_pop_long_ago_nothing_is_known_any_more()
    {
        for (var pop = 1; pop <= 300; pop++) await PopAsync(pop, asks: 2, TimeSpan.Zero);
        var pushed = await PushAsync();

        Assert.Null((await PopAsync(pop: 300, asks: 1, TimeSpan.Zero)).Item);
        Assert.Equal(pushed, (await PopAsync(pop: 1, asks: 1, TimeSpan.Zero)).Item?.Id);
    }

    [Fact]
    public async Task Whoever_asks_again_and_again_is_known_in_the_place_of_one()
    {
        await PopAsync(pop: 1, asks: 2, TimeSpan.Zero);
        for (var asks = 1; asks <= 300; asks++) await PopAsync(pop: 2, asks, TimeSpan.Zero);
        await PushAsync();

        Assert.Null((await PopAsync(pop: 1, asks: 1, TimeSpan.Zero)).Item);
        Assert.Null((await PopAsync(pop: 2, asks: 299, TimeSpan.Zero)).Item);
    }

    private async Task<PopAnswer> PopAsync(long pop, int asks, TimeSpan wait)
    {
        var request = new PopRequest(Lease, wait);
        var (turn, ask) = (NextTurn, new PopAsk(pop, asks));
        var popping = wait == TimeSpan.Zero
            ? Queue.TakeAsync(turn, ask, QueuePart.Live, request)
            : Queue.PopAsync(turn, ask, QueuePart.Live, request, CancellationToken.None);
        return await popping.AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private async Task<long> PushAsync() => (await Queue.PushAsync(
        NextTurn, new PushRequest(Payload.Null, Headers.None, 0, TimeSpan.Zero, null, Id: null))).ItemId;
}
