namespace Signalbox.Gates;

/// <summary>A thread that has waited for a gate for long.</summary>
/// <param name="Number">No other wait of this process has it.</param>
/// <param name="Rank">What it waits for.</param>
/// <param name="Thread">Its name, or its number where it has none.</param>
/// <param name="Stack">Where it stands.</param>
public sealed record GateWait(long Number, GateRank Rank, string Thread, string Stack);
