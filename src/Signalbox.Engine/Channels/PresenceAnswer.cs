using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Channels;

public sealed record PresenceAnswer(Refusal Refusal, IReadOnlyList<Member> Members);
