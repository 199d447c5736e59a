namespace Signalbox.Engine.Listing;

/// <param name="Peers">The subscribers, each as <c>address:port</c>.</param>
public sealed record ChannelEntry(string Name, IReadOnlyList<string> Peers);
