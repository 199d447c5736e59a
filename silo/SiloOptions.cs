using Signalbox.Serving;

namespace Signalbox.Silo;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class SiloOptions : ServingOptions
{
    public ClusterOptions Cluster { get; set; } = new();

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(Cluster.Validate())) yield return problem;
        if (Data.Directory is not null || Data.Ephemeral)
        {
            yield return "A silo has no data directory: its data is in Cluster:Redis, or without that in memory; take Data:Directory and --ephemeral away.";
        }
    }
}
