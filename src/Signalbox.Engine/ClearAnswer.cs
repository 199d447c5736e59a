using Signalbox.Core.Refusals;

namespace Signalbox.Engine;

/// <param name="Count">How many there were; where it was refused on the way, how many are gone all the same.</param>
public readonly record struct ClearAnswer(Refusal Refusal, long Count);
