using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Engine.Embedded;

/// <summary>The log tells something of a machine that cannot be: it was not written by us, or not all of it is there.</summary>
public sealed class RestoreException(MachineKind kind, string name, string problem)
    : IOException($"The log cannot be followed at the {kind} '{name}': {problem}")
{
    public MachineKind Kind { get; } = kind;

    public string Name { get; } = name;
}
