namespace Signalbox.Gateways.Watching;

/// <summary>Where the threads of this process stand. The host's to add, where it can tell.</summary>
public interface IThreadStacks
{
    /// <summary>The stacks of all threads, as text for the log; null where they cannot be had.</summary>
    string? Read();
}
