using Signalbox.Core.Storage;

namespace Signalbox.Engine.Embedded;

/// <summary>What of each kind of machine outlives the process. Channels say it in their options.</summary>
public sealed record EngineDurability
{
    public static readonly EngineDurability Default = new();

    public Durability Hash { get; init; } = Durability.Always;

    public Durability Queue { get; init; } = Durability.Always;

    /// <summary>What users have spent of rate limits. Their connections end with the process.</summary>
    public Durability User { get; init; } = Durability.Always;

    /// <summary>Sessions of MQTT that are to outlive their connections.</summary>
    public Durability MqttSession { get; init; } = Durability.Always;
}
