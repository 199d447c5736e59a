namespace Signalbox.Simulation.Expected;

/// <summary>What a machine is expected to be after everything that happened to it, by position in the log.</summary>
/// <remarks>After a crash the log ends somewhere, and the machine is what it was there.</remarks>
internal sealed class Timeline<TState>(TState beginning)
{
    private readonly List<(long Position, TState State)> _states = [(0, beginning)];

    public TState Now => _states[^1].State;

    /// <summary>Whoever reveals what the machine is now reveals the log up to here.</summary>
    public long Position => _states[^1].Position;

    public void Put(long position, TState state) => _states.Add((position, state));

    public void Rewind(long position)
    {
        var kept = _states.FindLastIndex(entry => entry.Position <= position);
        _states.RemoveRange(kept + 1, _states.Count - kept - 1);
        _states.RemoveRange(0, kept);
    }
}
