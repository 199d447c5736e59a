using Signalbox.Core.Queues;

namespace Signalbox.Simulation.Expected;

/// <summary>An item of a queue. Its payload, which no other item ever has, is its name.</summary>
/// <param name="Order">Which push it was: the engine's ids are its own.</param>
internal sealed record ExpectedItem(string Payload, int Priority, long Order)
{
    public QueuePart Part { get; init; }

    public ItemState State { get; init; }

    public DateTimeOffset WakeAt { get; init; } = DateTimeOffset.MaxValue;

    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    public int Attempts { get; init; }

    public int Lease { get; init; }

    public bool CountsAttempt { get; init; }

    public DateTimeOffset DueAt => State switch
    {
        ItemState.Ready => ExpiresAt,
        ItemState.Delayed => WakeAt < ExpiresAt ? WakeAt : ExpiresAt,
        _ => WakeAt,
    };
}

/// <summary>What a pop is to be answered: nothing, or this.</summary>
internal sealed record ExpectedPop(ExpectedItem? Item, DateTimeOffset Until);

/// <summary>Somebody who waits at a queue until this moment.</summary>
internal sealed record ExpectedWaiter(int Number, QueuePart Part, TimeSpan? Lease, DateTimeOffset Until);
