using Signalbox.Core.Payloads;

namespace Signalbox.Core.Queues;

/// <summary>An item as somebody who looks at the queue sees it.</summary>
/// <param name="Attempts">How often it was taken under a lease, this time included.</param>
/// <param name="ExpiresAt">Null where it stays until it is done; dead letters always do.</param>
public sealed record QueueItem(
    long Id,
    int Priority,
    int Attempts,
    DateTimeOffset AddedAt,
    DateTimeOffset? ExpiresAt,
    Payload Payload,
    Headers Headers);
