namespace Signalbox.Simulation;

/// <summary>A run that one seed decides entirely.</summary>
public interface ISimulation
{
    /// <summary>What was done last.</summary>
    IReadOnlyCollection<string> JournalTail { get; }

    /// <summary>Two runs of one seed have the same.</summary>
    string Digest { get; }

    /// <exception cref="SimulationFailedException">A promise was broken.</exception>
    void Run(int steps);
}
