namespace Signalbox.Simulation;

/// <summary>A promise was broken. The message says which; the seed says how to see it again.</summary>
public sealed class SimulationFailedException(string message) : Exception(message);
