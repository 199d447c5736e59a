namespace Signalbox.Core.Channels;

/// <summary>
/// What a subscriber that comes back has missed: either all of it, or the news that it cannot be had.
/// </summary>
/// <param name="Position">Where the channel is now: the subscriber goes on from here.</param>
/// <param name="First">The offset of the oldest message still kept; one after the last offset when none is.</param>
/// <param name="Messages">Every message after the subscriber's position; none when not recovered.</param>
public sealed record RecoveryRead(
    ChannelPosition Position, long First, IReadOnlyList<Message> Messages, bool Recovered);
