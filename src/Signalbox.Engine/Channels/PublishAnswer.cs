using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Channels;

/// <param name="Handed">How many connections it was handed to.</param>
/// <param name="KeepsHistory">Whether the offset is good for coming back to.</param>
public readonly record struct PublishAnswer(Refusal Refusal, long Offset, int Handed, bool KeepsHistory);
