using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Queues;

/// <param name="Item">The item; null where there was none in time.</param>
public sealed record PopAnswer(Refusal Refusal, QueueItem? Item, Receipt Receipt, DateTimeOffset Until)
{
    public static readonly PopAnswer Nothing = new(Refusal.None, null, default, default);

    public static PopAnswer Refused(Refusal refusal) => new(refusal, null, default, default);
}
