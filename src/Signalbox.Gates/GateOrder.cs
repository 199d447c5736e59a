namespace Signalbox.Gates;

/// <summary>The gates that each thread holds, outermost first. Used in Debug builds only.</summary>
internal static class GateOrder
{
    [ThreadStatic]
    private static List<Gate>? _held;

    /// <exception cref="GateOrderException">The thread holds a gate of this rank or a higher one.</exception>
    public static void Check(Gate gate)
    {
        if (_held is not { Count: > 0 } held || held[^1].Rank < gate.Rank) return;

        throw new GateOrderException(
            $"{gate.Rank} was entered under {string.Join(", ", held.Select(one => one.Rank))}: gates are entered in the order of GateRank.");
    }

    public static void Entered(Gate gate) => (_held ??= []).Add(gate);

    public static void Left(Gate gate) => _held!.Remove(gate); // Entered, so there.
}
