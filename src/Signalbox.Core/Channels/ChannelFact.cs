namespace Signalbox.Core.Channels;

/// <summary>Everything that can happen to a channel.</summary>
public abstract record ChannelFact;

/// <summary>The numbering begins: offsets count from 1 within this epoch.</summary>
public sealed record ChannelOpened(string Epoch) : ChannelFact;

/// <summary>
/// A snapshot begins: the numbering goes on after <paramref name="LastOffset"/>, which the kept messages follow.
/// </summary>
/// <param name="Retained">The retained value where it is older than the kept messages; null else.</param>
public sealed record ChannelRestored(string Epoch, long LastOffset, Message? Retained) : ChannelFact;

/// <summary>A message has its number.</summary>
/// <param name="Id">An idempotency id, or null: a repeat before <paramref name="RememberUntil"/> gets this offset.</param>
public sealed record MessagePublished(Message Message, string? Id, DateTimeOffset RememberUntil) : ChannelFact;

/// <summary>A snapshot remembers an idempotency id, whether or not its message is still kept.</summary>
public sealed record PublishIdRemembered(string Id, long Offset, DateTimeOffset Until) : ChannelFact;

/// <summary>Messages up to and with this offset are too old for the history.</summary>
public sealed record HistoryExpired(long UpTo) : ChannelFact;

/// <summary>The channel has no retained value any more.</summary>
public sealed record RetainedCleared : ChannelFact;

/// <summary>The idempotency ids whose window was over at this moment are forgotten.</summary>
public sealed record PublishIdsForgotten(DateTimeOffset Now) : ChannelFact;

/// <summary>Nobody will repeat this publish any more.</summary>
public sealed record PublishIdForgotten(string Id) : ChannelFact;

/// <summary>A member is present, or tells something new about itself.</summary>
public sealed record MemberJoined(Member Member) : ChannelFact;

/// <summary>A member is not present any more.</summary>
public sealed record MemberLeft(string Id, LeaveReason Reason) : ChannelFact;

/// <summary>A node is alive until this moment, and with it every member that came through it.</summary>
public sealed record NodeRenewed(string Node, DateTimeOffset Until) : ChannelFact;

/// <summary>A node is gone, and with it every member that came through it.</summary>
public sealed record NodeLost(string Node) : ChannelFact;
