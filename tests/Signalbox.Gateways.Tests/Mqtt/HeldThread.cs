using Microsoft.Extensions.DependencyInjection;
using Signalbox.Engine.Nodes;
using Signalbox.Transport;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>Holds a loop before it works on what has come, so that what comes there is not seen yet.</summary>
internal sealed class HeldThread : IDisposable
{
    private readonly ManualResetEventSlim _letGo = new();
    private readonly ManualResetEventSlim _isHeld = new();
    private int _holdsNext;

    public void Add(IServiceCollection services) => services.AddSingleton(new PollOptions
    {
        BeginTurn = BeginTurn,
        EndTurn = Turn.End,
        OnThread = post => Turn.Home = post,
    });

    /// <summary>Holds the next loop that gets something to do.</summary>
    public void HoldNext() => Volatile.Write(ref _holdsNext, 1);

    public void WaitUntilHeld(CancellationToken cancellation) => _isHeld.Wait(cancellation);

    public void LetGo() => _letGo.Set();

    public void Dispose() => LetGo();

    private void BeginTurn()
    {
        if (Interlocked.Exchange(ref _holdsNext, 0) == 1)
        {
            _isHeld.Set();
            _letGo.Wait();
        }

        Turn.Begin();
    }
}
