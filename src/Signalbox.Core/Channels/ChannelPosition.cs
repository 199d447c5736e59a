namespace Signalbox.Core.Channels;

/// <summary>A place in a channel: the offset of the last message seen, within an epoch.</summary>
public readonly record struct ChannelPosition(string Epoch, long Offset);
