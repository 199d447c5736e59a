using Microsoft.Extensions.Logging.Abstractions;
using Signalbox.Transport.Tests.Faults;

namespace Signalbox.Transport.Tests.Counting;

/// <summary>A connection has its place from when it is accepted until its file is closed.</summary>
public sealed class ConnectionQuotaTests
{
    private static ConnectionQuota Quota(int most, int refusals) =>
        new(most, refusals, NullLogger<ConnectionQuota>.Instance, TimeProvider.System);

    [Fact]
    public void As_many_as_allowed_have_one_and_some_more_are_told()
    {
        var quota = Quota(2, 1);

        var places = Enumerable.Range(0, 5).Select(_ => quota.Take()).ToArray();

        Assert.Equal(
            [ConnectionPlace.Own, ConnectionPlace.Own, ConnectionPlace.Refusal, ConnectionPlace.None, ConnectionPlace.None], places);
        Assert.Equal((2, 3L), (quota.Count, quota.Refused));
        foreach (var place in places) quota.GiveBack(place);
        Assert.Equal(0, quota.Count);
        Assert.Equal(ConnectionPlace.Own, quota.Take());
        Assert.Equal(ConnectionPlace.Own, quota.Take());
        Assert.Equal(ConnectionPlace.Refusal, quota.Take());
    }

    [Fact]
    public async Task Never_more_than_allowed_have_one_whoever_asks_at_once()
    {
        const int rounds = 20_000;
        var quota = Quota(1, 0);
        var owners = 0;
        var most = 0;
        using var round = new Barrier(4, _ =>
        {
            most = Math.Max(most, owners);
            for (; owners > 0; owners--) quota.GiveBack(ConnectionPlace.Own);
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < rounds; i++)
                {
                    if (quota.Take() is ConnectionPlace.Own) Interlocked.Increment(ref owners);
                    round.SignalAndWait();
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(1, most);
        Assert.Equal(0, quota.Count);
    }

    [Fact]
    public async Task Whoever_comes_when_all_are_taken_is_marked_and_more_are_closed_without_a_word()
    {
        var quota = Quota(1, 1);
        await using var transport = await FaultyTransport.ListenAsync(quota);
        await transport.ConnectAsync();
        var own = (SocketConnection)await transport.AcceptAsync();
        var told = await transport.ConnectAsync();
        var refused = (SocketConnection)await transport.AcceptAsync();

        var closed = await transport.ConnectAsync();
        var accepting = transport.AcceptAsync();

        Assert.Empty(await closed.ReadAllAsync());
        Assert.Equal((ConnectionPlace.Own, ConnectionPlace.Refusal), (own.Place, refused.Place));
        Assert.Same(refused, refused.Features.Get<IConnectionPlaceFeature>());
        await refused.DisposeAsync();
        Assert.Empty(await told.ReadAllAsync());
        await own.DisposeAsync();
        Assert.Equal(0, quota.Count);
        await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);
    }

    [Fact]
    public async Task A_place_is_given_back_once()
    {
        var quota = Quota(2, 0);
        await using var transport = await FaultyTransport.ListenAsync(quota);
        await transport.ConnectAsync();
        var first = await transport.AcceptAsync();
        await transport.ConnectAsync();
        await transport.AcceptAsync();

        await first.DisposeAsync();
        await first.DisposeAsync();

        Assert.Equal(1, quota.Count);
    }

    [Fact]
    public async Task Who_could_not_be_waited_for_has_none()
    {
        var quota = Quota(1, 0);
        await using var transport = await FaultyTransport.ListenAsync(quota);
        transport.Kernel.Fail(KernelCall.Watch, 28, times: 3);
        for (var i = 0; i < 3; i++) await transport.ConnectAsync();

        await transport.ServeAsync();

        Assert.Equal(1, quota.Count);
        Assert.Equal(0, quota.Refused);
    }
}
