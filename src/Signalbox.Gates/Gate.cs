using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signalbox.Gates;

/// <summary>
/// A lock with a rank. A thread that holds a gate may only enter gates of a higher rank, so no two threads can wait for
/// each other: see <see cref="GateRank"/>.
/// </summary>
/// <remarks>
/// <para>Debug builds check the order at every entry and throw <see cref="GateOrderException"/>; Release builds do not
/// pay for it. A thread that waits longer than <see cref="GateWaits.Patience"/> is listed in <see cref="GateWaits"/>
/// with its stack, for the watchdog to report.</para>
/// <para>Under a gate: no callback that may come back, no waiting, no completion that runs continuations inline.</para>
/// </remarks>
public sealed class Gate(GateRank rank)
{
    private readonly Lock _lock = new();

    public GateRank Rank { get; } = rank;

    /// <summary>Whether this thread holds it.</summary>
    public bool IsHeld => _lock.IsHeldByCurrentThread;

    /// <summary>Enters it, for as long as the result is not disposed of: <c>using (gate.Enter())</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Holding Enter()
    {
        BeforeEntering();
        if (!_lock.TryEnter()) EnterSlowly();
        AfterEntering();
        return new Holding(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterSlowly()
    {
        if (_lock.TryEnter(GateWaits.Patience)) return;

        using (GateWaits.Begin(Rank)) _lock.Enter();
    }

    [Conditional("DEBUG")]
    private void BeforeEntering() => GateOrder.Check(this);

    [Conditional("DEBUG")]
    private void AfterEntering() => GateOrder.Entered(this);

    [Conditional("DEBUG")]
    private void BeforeLeaving() => GateOrder.Left(this);

    private void Leave()
    {
        BeforeLeaving();
        _lock.Exit();
    }

    /// <summary>The gate is held until this is disposed of, by the same thread.</summary>
    public readonly ref struct Holding
    {
        private readonly Gate _gate;

        internal Holding(Gate gate) => _gate = gate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _gate.Leave();
    }
}
