using Signalbox.Core.Channels;

namespace Signalbox.Conformance.Subjects;

/// <param name="Position">Where the channel stands; the default for a filter, which stands nowhere.</param>
/// <param name="First">The oldest offset that can still be had, where it was not recovered.</param>
public sealed record Entered(ChannelPosition Position, bool Recovered, long First);

public sealed record Published(Outcome Outcome, long Offset, int Handed);

public sealed record HistoryEntry(long Offset, string Value);

public sealed record HistoryPage(
    ChannelPosition Position, long First, IReadOnlyList<HistoryEntry> Entries, bool IsComplete);

public sealed record NamePage(IReadOnlyList<string> Names, string? Cursor);

/// <param name="Version">The key's new version; only looked at where it is done.</param>
public sealed record Stored(Outcome Outcome, long Version);

public sealed record Kept(string Value, long Version);

public sealed record Deleted(Outcome Outcome, bool Existed);

public sealed record Incremented(Outcome Outcome, long Sum, long Version);

/// <param name="Receipt">What an acknowledgement names; empty where the item was taken for good.</param>
public sealed record Popped(string Value, string Receipt, int Attempts);
