using Signalbox.Core.Channels;

namespace Signalbox.InProcess;

/// <summary>Messages that a channel has kept.</summary>
/// <param name="Position">Where the channel stands.</param>
/// <param name="First">The offset of the oldest message that is kept, or of the next one where none is.</param>
/// <param name="IsComplete">Whether nothing more is kept in this direction.</param>
public sealed record HistoryPage(IReadOnlyList<Message> Messages, ChannelPosition Position, long First, bool IsComplete);
