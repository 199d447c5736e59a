using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Silo;

/// <summary>What the options of a silo say of its grains.</summary>
internal static class ClusterSettingsOf
{
    public static ClusterSettings ToClusterSettings(this SiloOptions options)
    {
        var setup = options.ToSetup();
        return new ClusterSettings
        {
            Rules = setup.Rules,
            Hash = setup.Limits.Hash,
            Queue = setup.Limits.Queue,
            Channel = setup.Limits.Channel,
            User = setup.Limits.User,
            MaxRecovered = setup.Limits.MaxRecovered,
            MaxKeys = setup.Limits.MaxKeys,
            MaxQueues = setup.Limits.MaxQueues,
        };
    }
}
