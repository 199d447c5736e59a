using Signalbox.Core.Channels;

namespace Signalbox.Engine.Channels;

/// <param name="Member">Who comes in; null for somebody who does not want to be seen.</param>
/// <param name="From">Where it was when it left; null for a new subscriber.</param>
public sealed record EnterRequest(Member? Member, ChannelPosition? From);
