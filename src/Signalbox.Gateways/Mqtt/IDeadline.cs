namespace Signalbox.Gateways.Mqtt;

/// <summary>Something that has to be looked after at a certain moment.</summary>
internal interface IDeadline
{
    /// <returns>When to look again; null for never.</returns>
    DateTimeOffset? Look(DateTimeOffset now);
}
