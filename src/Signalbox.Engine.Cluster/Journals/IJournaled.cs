namespace Signalbox.Engine.Cluster.Journals;

/// <summary>A machine, as its journal sees it.</summary>
internal interface IJournaled
{
    /// <summary>Whether nothing would be lost with the machine: its journal need not stay either.</summary>
    bool CanForget { get; }

    /// <summary>Begins with a new machine.</summary>
    void Begin();

    void Apply(object fact);

    /// <summary>Facts that make an equal machine of a new one.</summary>
    IEnumerable<object> Snapshot();
}
