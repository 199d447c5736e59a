using Signalbox.Simulation.Expected;

namespace Signalbox.Simulation.Clients;

/// <summary>Somebody who pops, and what it is to be answered once that is settled.</summary>
internal sealed class Waiting(string queue, ExpectedWaiter popper, CancellationTokenSource leaving)
{
    public string Queue => queue;

    public ExpectedWaiter Popper => popper;

    public CancellationTokenSource Leaving => leaving;

    /// <summary>Null until it is settled.</summary>
    public ExpectedPop? Answer { get; set; }

    /// <summary>What the answer reveals.</summary>
    public long Position { get; set; }
}
