using System.Diagnostics;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Hashes;

/// <summary>
/// One shared value that may expire, whose version tells every change of it from every other.
/// </summary>
/// <remarks>
/// <para>Deciding and doing are apart: all methods but <see cref="Apply"/> look and answer, and change nothing.
/// A value is gone at its expiry, whether or not the fact of it was applied yet.</para>
/// <para>Versions come from the clock, so a key needs no tombstone to have its versions grow across its deletion:
/// a new machine begins above all that the forgotten one gave out (see <see cref="CanForget"/>).</para>
/// <para>There are millions of these, so the fields are few, and what most keys never need is null.
/// Not thread-safe: an engine gives a key one writer.</para>
/// </remarks>
public sealed class HashKey(HashLimits limits)
{
    private const long Never = long.MaxValue;
    private const long Absent = -1;

    private Payload _value;
    private long _version;

    // In UTC ticks. Being absent is to be gone since before all time, so one comparison says whether there is a value.
    private long _goneAt = Absent;
    private RememberedIds? _ids;

    /// <summary>Whether there is neither a value nor a remembered id.</summary>
    public bool IsEmpty => _goneAt == Absent && _ids is null;

    /// <summary>The moment at which <see cref="NextDue"/> next has something to say; null for never.</summary>
    public DateTimeOffset? NextWakeUp
    {
        get
        {
            var valueDue = _goneAt == Absent ? Never : _goneAt;
            var idsDue = _ids?.NextDue.UtcTicks ?? Never;
            return MomentOf(Math.Min(valueDue, idsDue));
        }
    }

    /// <summary>Whether a new machine would go on as this one does, so that an engine may drop this one.</summary>
    /// <remarks>
    /// Being empty is not enough: a set, a delete and a set within one microsecond would give the first version
    /// out twice, and somebody who waits with a condition on it would hit the wrong value.
    /// </remarks>
    public bool CanForget(DateTimeOffset now) => IsEmpty && MicrosecondsOf(now) > _version;

    /// <summary>When <see cref="CanForget"/> would say yes, if the key is empty then.</summary>
    public DateTimeOffset ForgettableFrom =>
        DateTimeOffset.UnixEpoch.AddTicks((_version + 1) * TimeSpan.TicksPerMicrosecond);

    public bool HasValue(DateTimeOffset now) => IsPresent(now);

    public HashValue? Get(DateTimeOffset now) =>
        IsPresent(now) ? new HashValue(_value, _version, MomentOf(_goneAt)) : null;

    /// <param name="version">The new version; that of the first answer for a repeated <paramref name="id"/>; where
    /// refused, the present one, 0 when absent: what a next try at a version needs.</param>
    /// <param name="fact">Null for a refusal, and for a repeat, which changes nothing.</param>
    public Refusal Set(
        Payload value,
        DateTimeOffset? expiresAt,
        SetCondition condition,
        string? id,
        DateTimeOffset now,
        out KeySet? fact,
        out long version)
    {
        fact = null;
        if (Recall(id, now) is { } first)
        {
            version = first.Version;
            return Refusal.None;
        }

        version = PresentVersion(now);
        return Holds(condition, version)
            ? Decide(value, expiresAt, id, now, out fact, ref version)
            : Refusal.ConditionFailed;
    }

    /// <param name="fact">Null for a refusal, and where there is nothing to delete.</param>
    public Refusal Delete(SetCondition condition, DateTimeOffset now, out KeyRemoved? fact)
    {
        fact = null;
        if (!Holds(condition, PresentVersion(now))) return Refusal.ConditionFailed;

        if (IsPresent(now)) fact = new KeyRemoved(NextVersion(now), KeyRemovalReason.Deleted);
        return Refusal.None;
    }

    /// <param name="expiresAt">Null keeps the present expiry.</param>
    /// <param name="sum">The new value; the first one for a repeated <paramref name="id"/>; 0 where refused.</param>
    /// <param name="version">As for <see cref="Set"/>.</param>
    public Refusal Increment(
        long by,
        DateTimeOffset? expiresAt,
        string? id,
        DateTimeOffset now,
        out KeySet? fact,
        out long sum,
        out long version)
    {
        fact = null;
        sum = 0;
        if (Recall(id, now) is { } first)
        {
            // The id may be that of a set, and its value no number.
            version = first.Version;
            sum = first.Number ?? 0;
            return first.Number is null ? Refusal.NotANumber : Refusal.None;
        }

        version = PresentVersion(now);
        var number = 0L;
        if (IsPresent(now))
        {
            var unreadable = WholeNumber.Read(_value, out number);
            if (unreadable is not Refusal.None) return unreadable;

            expiresAt ??= MomentOf(_goneAt);
        }

        var exact = (Int128)number + by;
        if (exact < long.MinValue || exact > long.MaxValue) return Refusal.NumberOverflow;

        var refusal = Decide(WholeNumber.Write((long)exact), expiresAt, id, now, out fact, ref version);
        if (refusal is Refusal.None) sum = (long)exact;
        return refusal;
    }

    /// <summary>What the passing of time has brought about and nobody has applied yet, one fact a call.</summary>
    /// <returns>The fact, or null when nothing is due at <paramref name="now"/>.</returns>
    public HashFact? NextDue(DateTimeOffset now)
    {
        if (_goneAt != Absent && !IsPresent(now)) return new KeyRemoved(NextVersion(now), KeyRemovalReason.Expired);

        return _ids?.NextDue <= now ? new KeyIdsForgotten(now) : null;
    }

    public void Apply(HashFact fact)
    {
        switch (fact)
        {
            case KeySet set:
                Debug.Assert(set.Version >= _version, "Versions only grow.");
                _value = set.Value;
                _version = set.Version;
                _goneAt = set.ExpiresAt?.UtcTicks ?? Never;
                if (set.Id is not null)
                {
                    long? number = WholeNumber.Read(set.Value, out var read) is Refusal.None ? read : null;
                    (_ids ??= new(limits.DedupeWindow)).Add(new RememberedId(set.Id, set.Version, number, set.RememberUntil));
                }

                break;

            case KeyRemoved removed:
                Debug.Assert(removed.Version >= _version, "Versions only grow.");
                _value = default;
                _version = removed.Version;
                _goneAt = Absent;
                break;

            case KeyIdsForgotten forgotten:
                _ids?.Forget(forgotten.Now);
                if (_ids?.Count == 0) _ids = null;
                break;

            default:
                throw new UnreachableException($"A hash key cannot apply {fact.GetType().Name}.");
        }
    }

    /// <summary>Facts that make a new machine equal to this one.</summary>
    public IEnumerable<HashFact> Snapshot()
    {
        // An id stands for the answer that it got: a version, and of a number its sum. A set of just these, which
        // the last fact then covers, brings the answer back; the value that the id once set need not be kept for it.
        foreach (var id in _ids?.InOrder ?? [])
        {
            var answer = id.Number is { } number ? WholeNumber.Write(number) : Payload.Null;
            yield return new KeySet(answer, id.Version, ExpiresAt: null, id.Id, id.Until);
        }

        if (_goneAt != Absent) yield return new KeySet(_value, _version, MomentOf(_goneAt), Id: null, default);
        else if (_version > 0) yield return new KeyRemoved(_version, KeyRemovalReason.Deleted);
    }

    private Refusal Decide(
        Payload value,
        DateTimeOffset? expiresAt,
        string? id,
        DateTimeOffset now,
        out KeySet? fact,
        ref long version)
    {
        fact = null;
        if (value.Length > limits.MaxValueBytes) return Refusal.PayloadTooLong;
        if (id is not null && (_ids?.Count ?? 0) >= limits.MaxIds) return Refusal.TooManyIds;

        version = NextVersion(now);
        fact = new KeySet(value, version, expiresAt, id, id is null ? default : now + limits.DedupeWindow);
        return Refusal.None;
    }

    private RememberedId? Recall(string? id, DateTimeOffset now) => id is null ? null : _ids?.Find(id, now);

    private bool IsPresent(DateTimeOffset now) => _goneAt > now.UtcTicks;

    private long PresentVersion(DateTimeOffset now) => IsPresent(now) ? _version : 0;

    private long NextVersion(DateTimeOffset now) => Math.Max(_version + 1, MicrosecondsOf(now));

    private static bool Holds(SetCondition condition, long version) => condition.Kind switch
    {
        SetConditionKind.Always => true,
        SetConditionKind.Absent => version == 0,
        SetConditionKind.Present => version != 0,
        SetConditionKind.AtVersion => version == condition.Version,
        _ => throw new UnreachableException($"There is no condition {condition.Kind}."),
    };

    private static DateTimeOffset? MomentOf(long ticks) =>
        ticks == Never ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static long MicrosecondsOf(DateTimeOffset now) =>
        (now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
