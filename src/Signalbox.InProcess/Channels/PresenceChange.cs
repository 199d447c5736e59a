using Signalbox.Core.Channels;

namespace Signalbox.InProcess;

/// <summary>Somebody came into a channel or left it.</summary>
public sealed record PresenceChange(string Channel, Member Member, bool Joined, DateTimeOffset Time);
