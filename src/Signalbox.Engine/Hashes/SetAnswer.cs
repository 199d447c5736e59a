using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Hashes;

public readonly record struct SetAnswer(Refusal Refusal, long Version);
