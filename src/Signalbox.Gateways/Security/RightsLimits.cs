namespace Signalbox.Gateways.Security;

/// <summary>Bounds that come with somebody's rights and hold for each connection, in place of the server's own.</summary>
/// <param name="Subscriptions">Null for the server's; so too below.</param>
public sealed record RightsLimits(int? Subscriptions, int? CommandsPerSecond, int? BytesPerSecond)
{
    public static readonly RightsLimits None = new(null, null, null);
}
