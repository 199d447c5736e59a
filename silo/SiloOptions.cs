using Signalbox.Hosting;
using Signalbox.Serving;

namespace Signalbox.Silo;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class SiloOptions : ServingOptions
{
    private const string Instead = "what is confirmed is in Cluster:Redis, or without that in memory, of channels as their "
        + "Durability says, and how many channels there are only memory bounds";

    public ClusterOptions Cluster { get; set; } = new();

    // Two for each of some hundred silos, and the store's; clients of the cluster are on top of that.
    protected override int FilesOfEngine => 256;

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(Cluster.Validate())) yield return problem;
        foreach (var name in NotOfSilos()) yield return $"{name} is not for silos: {Instead}; take it away.";
    }

    // What a silo would read and not heed.
    private IEnumerable<string> NotOfSilos()
    {
        var usual = new DataSettings();
        if (Data.Directory is not null) yield return "Data:Directory";
        if (Data.Ephemeral) yield return "--ephemeral";
        if (Data.Durability != usual.Durability) yield return "Data:Durability";
        if (Data.Hash is not null) yield return "Data:Hash";
        if (Data.Queue is not null) yield return "Data:Queue";
        if (Data.User is not null) yield return "Data:User";
        if (Data.MqttSession is not null) yield return "Data:MqttSession";
        if (Data.FlushInterval != usual.FlushInterval) yield return "Data:FlushInterval";
        if (Data.SegmentBytes != usual.SegmentBytes) yield return "Data:SegmentBytes";
        if (Limits.MaxChannels != new LimitSettings().MaxChannels) yield return "Limits:MaxChannels";
    }
}
