using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Hashes;

public readonly record struct IncrementAnswer(Refusal Refusal, long Sum, long Version);
