using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Hashes;

/// <param name="Existed">Whether there was anything to delete.</param>
public readonly record struct DeleteAnswer(Refusal Refusal, bool Existed);
