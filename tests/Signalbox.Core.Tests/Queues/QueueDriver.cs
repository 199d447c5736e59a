using System.Text;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Queues;

/// <summary>What a worker got: the text, and the proof that it holds the item.</summary>
public sealed record TakenItem(Receipt Receipt, string Text, int Attempts, DateTimeOffset Until);

/// <summary>Owns the time and plays the engine: what the queue decides is written down and applied.</summary>
public sealed class QueueDriver
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly QueueLimits _limits;
    private readonly List<QueueFact> _log = [];

    public QueueDriver(QueueLimits? limits = null)
    {
        _limits = limits ?? QueueLimits.Default;
        Queue = new WorkQueue(_limits);
    }

    public WorkQueue Queue { get; private set; }

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<QueueFact> Log => _log;

    /// <summary>The fact that was written last.</summary>
    public QueueFact? Last => _log.LastOrDefault();

    public (Refusal Refusal, long Id) TryAdd(
        string text, int priority = 0, TimeSpan delay = default, TimeSpan? ttl = null, string? id = null)
    {
        var payload = new Payload(Encoding.UTF8.GetBytes(text), PayloadKind.Text);
        var refusal = Queue.Add(payload, Headers.None, priority, delay, ttl, id, Now, out var fact, out var itemId);
        Commit(fact);
        return (refusal, itemId);
    }

    public long Add(
        string text, int priority = 0, TimeSpan delay = default, TimeSpan? ttl = null, string? id = null)
    {
        var (refusal, itemId) = TryAdd(text, priority, delay, ttl, id);
        Assert.Equal(Refusal.None, refusal);
        return itemId;
    }

    public TakenItem? TryTake(QueuePart part = QueuePart.Live, TimeSpan? lease = null, bool handOver = false)
    {
        WakeUp();
        if (Queue.Take(part, lease ?? 30 * Second, handOver, Now) is not { } fact) return null;

        Commit(fact);
        var item = Queue.ItemOf(fact.Id);
        return new(new(fact.Id, fact.Lease), TextOf(item), item.Attempts, fact.Until);
    }

    public TakenItem Take(QueuePart part = QueuePart.Live, TimeSpan? lease = null, bool handOver = false)
    {
        var taken = TryTake(part, lease, handOver);
        Assert.NotNull(taken);
        return taken;
    }

    public Refusal Acknowledge(Receipt receipt)
    {
        var refusal = Queue.Acknowledge(receipt, out var fact);
        Commit(fact);
        return refusal;
    }

    public Refusal Return(Receipt receipt, TimeSpan delay = default, bool countAttempt = true)
    {
        var refusal = Queue.Return(receipt, delay, countAttempt, Now, out var fact);
        Commit(fact);
        return refusal;
    }

    public Refusal Extend(Receipt receipt, TimeSpan lease)
    {
        var refusal = Queue.Extend(receipt, lease, Now, out var fact);
        Commit(fact);
        return refusal;
    }

    public bool Clear(QueuePart part)
    {
        var fact = Queue.Clear(part);
        Commit(fact);
        return fact is not null;
    }

    /// <summary>Whether the receipt is good at this moment. Deciders change nothing, so asking is free.</summary>
    public bool Holds(Receipt receipt) => Queue.Extend(receipt, Second, Now, out _) is Refusal.None;

    /// <summary>Time passes, and the engine is told of all that falls due.</summary>
    public void Pass(TimeSpan time)
    {
        PassUnnoticed(time);
        WakeUp();
    }

    /// <summary>Time passes, but the engine's timer is late.</summary>
    public void PassUnnoticed(TimeSpan time) => Now += time;

    public void WakeUp()
    {
        while (Queue.NextDue(Now) is { } fact) Commit(fact);
    }

    public string[] Texts(QueuePart part = QueuePart.Live, int limit = int.MaxValue) =>
        [.. Queue.Peek(part, limit).Select(TextOf)];

    /// <summary>The process ends, and another one reads the log.</summary>
    public void RestartFromLog() => Queue = Replay(_log);

    /// <summary>The log is cut short to a snapshot, and another process reads that.</summary>
    public void RestartFromSnapshot() => Queue = Replay(Queue.Snapshot());

    public WorkQueue Replay(IEnumerable<QueueFact> facts, QueueLimits? limits = null)
    {
        var replica = new WorkQueue(limits ?? _limits);
        foreach (var fact in facts) replica.Apply(fact);
        return replica;
    }

    public static string TextOf(QueueItem item) => Encoding.UTF8.GetString(item.Payload.Bytes.Span);

    private void Commit(QueueFact? fact)
    {
        if (fact is null) return;

        _log.Add(fact);
        Queue.Apply(fact);
    }
}
