namespace Signalbox.Client;

/// <summary>Messages were missed, and are not to be had from the channel any more. What follows is whole
/// again.</summary>
/// <param name="Channel">The channel or filter; empty for broadcasts.</param>
/// <param name="After">The last message before the gap; null where that is not known.</param>
/// <param name="Now">Where the channel goes on; null where that is not known.</param>
public sealed record Gap(string Channel, GapReason Reason, ChannelPosition? After, ChannelPosition? Now);
