namespace Signalbox.Client;

/// <summary>A channel that somebody is subscribed to, and who: an address and port each.</summary>
public sealed record ChannelInfo(string Name, IReadOnlyList<string> Peers);
