namespace Signalbox.Client;

/// <summary>What the server said to our hello.</summary>
/// <param name="ConnectionId">Our id there, as presence tells it to others.</param>
/// <param name="Gpid">The number of the channel that addresses this process; null where no ids were given.</param>
/// <param name="PingInterval">How often it wants to hear from us. The client sees to that.</param>
public sealed record ServerInfo(
    string Endpoint, string ConnectionId, string Node, long? Gpid, string Version, TimeSpan PingInterval)
{
    /// <summary>Who the token says that we are; null where nobody was told.</summary>
    public string? User { get; init; }

    /// <summary>How long the token was good for when we said hello; null for ever.</summary>
    public TimeSpan? ExpiresIn { get; init; }
}
