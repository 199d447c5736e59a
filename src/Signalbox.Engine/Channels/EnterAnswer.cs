using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Channels;

/// <param name="Position">Where the channel stands: live messages follow after it.</param>
/// <param name="First">The oldest offset that the history still has.</param>
/// <param name="Recovered">Whether <paramref name="Messages"/> is exactly what was missed.</param>
/// <param name="Retained">The channel's value, for a new subscriber and for one that could not recover.</param>
public sealed record EnterAnswer(
    Refusal Refusal,
    ChannelPosition Position,
    long First,
    bool Recovered,
    IReadOnlyList<Message> Messages,
    Message? Retained);
