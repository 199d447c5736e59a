using Signalbox.Core.Queues;

namespace Signalbox.Engine.Queues;

/// <param name="CountAttempt">Whether the attempt counts: not where the item never reached the worker.</param>
public sealed record ReturnRequest(Receipt Receipt, TimeSpan Delay, bool CountAttempt);
