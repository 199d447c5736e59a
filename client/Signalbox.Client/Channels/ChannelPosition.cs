namespace Signalbox.Client;

/// <summary>A place in a channel. Offsets are comparable within an epoch only: another epoch is another
/// numbering.</summary>
public readonly record struct ChannelPosition(string Epoch, long Offset);
