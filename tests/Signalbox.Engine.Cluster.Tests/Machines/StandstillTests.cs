using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Machines;

/// <summary>A silo that stood still, and what it reads in the list of silos when it wakes.</summary>
public sealed class StandstillTests : IDisposable
{
    private static readonly SiloAddress Self = SiloAddress.New(IPAddress.Loopback, 1, 1);

    // The others give it up after three probes of a second; half of that is the bound.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1.5);

    private readonly ManualClock _clock = new();
    private readonly FakeMembership _membership = new();
    private readonly Standstill _standstill;

    public StandstillTests()
    {
        var options = new ClusterMembershipOptions { ProbeTimeout = TimeSpan.FromSeconds(1), NumMissedProbesLimit = 3 };
        _standstill = new Standstill(_membership, new FakeSilo(), Options.Create(options), _clock);
    }

    [Fact]
    public async Task Until_half_of_the_time_is_over_nobody_is_asked()
    {
        _clock.Pass(Bound - TimeSpan.FromMilliseconds(1));

        Assert.True(_standstill.IsRuledOut);
        await _standstill.WhenRuledOutAsync();
        Assert.Equal(0, _membership.Asked);
    }

    [Fact]
    public async Task A_silo_that_stood_still_goes_on_when_it_has_read_that_it_is_still_a_member()
    {
        _clock.Pass(Bound);
        Assert.False(_standstill.IsRuledOut);

        await _standstill.WhenRuledOutAsync();

        Assert.True(_standstill.IsRuledOut);
        Assert.Equal(1, _membership.Asked);
    }

    [Fact]
    public async Task A_silo_without_which_the_others_went_on_says_nothing_any_more()
    {
        _clock.Pass(Bound);
        _membership.Status = SiloStatus.Dead;

        await Assert.ThrowsAsync<LogFailedException>(_standstill.WhenRuledOutAsync);

        Assert.False(_standstill.IsRuledOut);
        await Assert.ThrowsAsync<LogFailedException>(_standstill.WhenRuledOutAsync);
    }

    [Fact]
    public async Task While_the_list_cannot_be_read_nothing_is_said_and_later_it_is_read_again()
    {
        _clock.Pass(Bound);
        _membership.Answer = Task.FromException(new IOException());

        await Assert.ThrowsAsync<LogFailedException>(_standstill.WhenRuledOutAsync);
        Assert.False(_standstill.IsRuledOut);
        _membership.Answer = Task.CompletedTask;
        await _standstill.WhenRuledOutAsync();

        Assert.True(_standstill.IsRuledOut);
    }

    [Fact]
    public async Task Whoever_asks_meanwhile_waits_for_the_same_answer()
    {
        _clock.Pass(Bound);
        var answer = new TaskCompletionSource();
        _membership.Answer = answer.Task;

        var waiting = Enumerable.Range(0, 10).Select(_ => _standstill.WhenRuledOutAsync()).ToList();
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        answer.SetResult();
        await Task.WhenAll(waiting);

        Assert.Equal(1, _membership.Asked);
    }

    [Fact]
    public async Task A_list_that_was_long_in_coming_says_nothing_of_the_time_since_it_was_asked_for()
    {
        _clock.Pass(Bound);
        var answer = new TaskCompletionSource();
        _membership.Answer = answer.Task;
        var waiting = _standstill.WhenRuledOutAsync();

        _clock.Pass(Bound);
        answer.SetResult();
        await waiting;

        Assert.False(_standstill.IsRuledOut);
    }

    [Fact]
    public async Task A_silo_that_runs_is_sure_of_itself_at_every_tick()
    {
        var lifecycle = await StartAsync();

        _clock.Pass(Bound / 4);
        await lifecycle.StopAsync();
        _clock.Pass(Bound - TimeSpan.FromMilliseconds(1));

        Assert.True(_standstill.IsRuledOut);
    }

    [Fact]
    public async Task A_tick_after_it_stood_still_makes_nothing_sure()
    {
        _clock.Pass(Bound);
        var lifecycle = await StartAsync();

        _clock.Pass(Bound / 4);
        await lifecycle.StopAsync();

        Assert.False(_standstill.IsRuledOut);
    }

    public void Dispose() => _standstill.Dispose();

    private async Task<FakeLifecycle> StartAsync()
    {
        var lifecycle = new FakeLifecycle();
        _standstill.Participate(lifecycle);
        await lifecycle.StartAsync();
        return lifecycle;
    }

    private sealed class FakeMembership : IClusterMembershipService
    {
        public SiloStatus Status { get; set; } = SiloStatus.Active;

        /// <summary>How a reading of the list ends.</summary>
        public Task Answer { get; set; } = Task.CompletedTask;

        public int Asked { get; private set; }

        public ClusterMembershipSnapshot CurrentSnapshot => new(
            ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Self, new ClusterMember(Self, Status, "self")), new(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken)
        {
            Asked++;
            return new(Answer);
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }

    private sealed class FakeSilo : ILocalSiloDetails
    {
        public string Name => "self";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Self;

        public SiloAddress GatewayAddress => Self;
    }

    /// <summary>The one who subscribes is told.</summary>
    private sealed class FakeLifecycle : ISiloLifecycle
    {
        private ILifecycleObserver? _observer;

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observer = observer;
            return new MemoryStream();
        }

        public Task StartAsync() => _observer!.OnStart(CancellationToken.None); // It has subscribed.

        public Task StopAsync() => _observer!.OnStop(CancellationToken.None); // The same.
    }
}
