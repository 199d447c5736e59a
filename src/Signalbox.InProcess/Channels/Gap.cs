using Signalbox.Core.Channels;

namespace Signalbox.InProcess;

/// <summary>Messages of a channel were missed. What follows is whole again.</summary>
/// <param name="After">The last message before the gap.</param>
/// <param name="Now">Where the channel goes on: the next message is behind this one.</param>
public sealed record Gap(string Channel, GapReason Reason, ChannelPosition After, ChannelPosition Now);
