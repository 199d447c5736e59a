using System.Text;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Hashes;

/// <summary>What one may ask of a hash key, in few words. It plays the engine: it has the clock and the log.</summary>
internal sealed class HashKeyDriver(HashLimits limits)
{
    public HashKeyDriver() : this(HashLimits.Default)
    {
    }

    public HashKey Key { get; private set; } = new(limits);

    public List<HashFact> Log { get; } = [];

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The value as text, or null where the key is absent.</summary>
    public string? Text => Key.Get(Now) is { } held ? Encoding.UTF8.GetString(held.Value.Bytes.Span) : null;

    public static Payload Json(string text) => new(Encoding.UTF8.GetBytes(text), PayloadKind.Json);

    public static Payload PlainText(string text) => new(Encoding.UTF8.GetBytes(text), PayloadKind.Text);

    public (Refusal Refusal, long Version) Set(
        string value, TimeSpan? ttl = null, SetCondition? condition = null, string? id = null) =>
        Set(Json(value), ttl, condition, id);

    public (Refusal Refusal, long Version) Set(
        Payload value, TimeSpan? ttl = null, SetCondition? condition = null, string? id = null)
    {
        var refusal = Key.Set(
            value, Now + ttl, condition ?? SetCondition.Always, id, Now, out var fact, out var version);
        Commit(fact);
        return (refusal, version);
    }

    public (Refusal Refusal, long Sum, long Version) Increment(long by, TimeSpan? ttl = null, string? id = null)
    {
        var refusal = Key.Increment(by, Now + ttl, id, Now, out var fact, out var sum, out var version);
        Commit(fact);
        return (refusal, sum, version);
    }

    public (Refusal Refusal, bool Removed) Delete(SetCondition? condition = null)
    {
        var refusal = Key.Delete(condition ?? SetCondition.Always, Now, out var fact);
        Commit(fact);
        return (refusal, fact is not null);
    }

    /// <summary>Lets time pass, and the engine do what fell due.</summary>
    public void Pass(TimeSpan time)
    {
        PassUnnoticed(time);
        DoWhatIsDue();
    }

    /// <summary>Lets time pass while the engine is late.</summary>
    public void PassUnnoticed(TimeSpan time) => Now += time;

    public void DoWhatIsDue()
    {
        var end = Log.Count + 100;
        while (Key.NextDue(Now) is { } due)
        {
            Assert.True(Log.Count < end, $"What is due never ends: {due}.");
            Commit(due);
        }
    }

    /// <summary>Drops the machine for a new one, where it says that this may be.</summary>
    public void ForgetIfAllowed()
    {
        if (!Key.CanForget(Now)) return;

        Key = new HashKey(limits);
        Log.Clear();
    }

    public HashKey Replayed() => Rebuilt(Log);

    public HashKey Restored() => Rebuilt(Key.Snapshot());

    public static void AssertEqual(HashKey expected, HashKey actual)
    {
        Assert.Equal(expected.Snapshot(), actual.Snapshot());
        Assert.Equal(expected.NextWakeUp, actual.NextWakeUp);
        Assert.Equal(expected.IsEmpty, actual.IsEmpty);
    }

    private HashKey Rebuilt(IEnumerable<HashFact> facts)
    {
        var key = new HashKey(limits);
        foreach (var fact in facts) key.Apply(fact);
        return key;
    }

    private void Commit(HashFact? fact)
    {
        if (fact is null) return;

        Log.Add(fact);
        Key.Apply(fact);
    }
}
