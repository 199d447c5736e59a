using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gates;
using Signalbox.TestKit;
using Signalbox.Transport;

namespace Signalbox.Gateways.Tests.Watching;

/// <summary>Has every loop of a server wait for a gate, which a thread of its own holds until it is told to let go.</summary>
internal sealed class HeldLoops
{
    private readonly Gate _gate = new(GateRank.Shard);
    private readonly ManualResetEventSlim _oneStands = new();
    private readonly CountdownEvent _allStand = new(Environment.ProcessorCount);
    private readonly ManualResetEventSlim _letGo = new();
    private readonly ThreadLocal<bool> _isCounted = new();
    private Thread? _holder;
    private volatile bool _isHolding;

    /// <summary>The transport's clock, which moves when a test says so.</summary>
    public ManualClock Clock { get; } = new();

    public void Add(IServiceCollection services) =>
        services.AddSingleton(new PollOptions { Clock = Clock, BeginTurn = BeginTurn });

    /// <summary>From now on a loop that gets something to do waits.</summary>
    public void Hold()
    {
        var entered = new ManualResetEventSlim();
        _holder = new Thread(() =>
        {
            using (_gate.Enter())
            {
                entered.Set();
                _letGo.Wait();
            }
        });
        _holder.Start();
        entered.Wait();
        _isHolding = true;
    }

    /// <summary>Waits until every loop waits.</summary>
    public void WaitUntilAllStand(CancellationToken cancellation) => _allStand.Wait(cancellation);

    public void WaitUntilOneStands(CancellationToken cancellation) => _oneStands.Wait(cancellation);

    /// <summary>Those that wait by now wait on, and others go on.</summary>
    public void HoldNoMore() => _isHolding = false;

    public void LetGo()
    {
        HoldNoMore();
        _letGo.Set();
        _holder?.Join();
    }

    /// <summary>To be declared after the server: it ends only when its loops go on.</summary>
    public LetsGo AtTheEnd() => new(this);

    private void BeginTurn()
    {
        // The spare loop has nothing to do with the gates of the data.
        if (!_isHolding || Thread.CurrentThread.Name == "spare poll") return;

        _oneStands.Set();
        if (!_isCounted.Value) _allStand.Signal();
        _isCounted.Value = true;
        using (_gate.Enter())
        {
            // Entering was all.
        }
    }

    public readonly struct LetsGo(HeldLoops loops) : IDisposable
    {
        public void Dispose() => loops.LetGo();
    }
}
