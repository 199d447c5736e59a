using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Queues;

public readonly record struct PushAnswer(Refusal Refusal, long ItemId);
