namespace Signalbox.Core.Channels;

/// <summary>A part of a channel's history.</summary>
/// <param name="Position">Where the channel is now.</param>
/// <param name="First">The offset of the oldest message still kept; one after the last offset when none is.</param>
/// <param name="IsComplete">
/// Whether this is all that was asked for and is still kept: false where the limit cut it and there is more to read.
/// What the history itself has lost shows in <paramref name="First"/>.
/// </param>
public sealed record HistoryRead(
    ChannelPosition Position, long First, IReadOnlyList<Message> Messages, bool IsComplete);
