using System.Diagnostics.CodeAnalysis;

namespace Signalbox.Engine.Cluster.Journals;

/// <summary>A state as storage gives and takes it, with the mark that tells whether somebody changed it.</summary>
internal sealed class Stored<T> : IGrainState<T>
    where T : class, new()
{
    [AllowNull]
    public T State
    {
        get;
        // Storage that has nothing may say so with nothing.
        set => field = value ?? new T();
    }
    = new();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
