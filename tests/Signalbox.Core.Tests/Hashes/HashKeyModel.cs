using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Hashes;

/// <summary>A hash key as a list of all that ever happened to it, searched with LINQ. It forgets no version.</summary>
internal sealed partial class HashKeyModel(HashLimits limits)
{
    private readonly List<Change> _changes = [];
    private readonly List<Repeatable> _ids = [];

    public bool IsEmpty => _changes.LastOrDefault()?.Value is null && _ids.Count == 0;

    public DateTimeOffset? NextWakeUp =>
        _ids.Select(id => (DateTimeOffset?)id.Until + limits.DedupeWindow / 16).Append(_changes.LastOrDefault()?.ExpiresAt).Min();

    public HashValue? Get(DateTimeOffset now) =>
        _changes.LastOrDefault() is { Value: { } value } last && !(last.ExpiresAt <= now)
            ? new HashValue(value, last.Version, last.ExpiresAt)
            : null;

    public (Refusal, long Version) Set(
        Payload value, DateTimeOffset? expiresAt, SetCondition condition, string? id, DateTimeOffset now)
    {
        if (Find(id, now) is { } first) return (Refusal.None, first.Version);

        var present = Get(now)?.Version ?? 0;
        if (!Holds(condition, now)) return (Refusal.ConditionFailed, present);
        if (value.Length > limits.MaxValueBytes) return (Refusal.PayloadTooLong, present);
        if (id is not null && _ids.Count >= limits.MaxIds) return (Refusal.TooManyIds, present);

        var version = Note(value, expiresAt, now);
        if (id is not null) _ids.Add(new Repeatable(id, now + limits.DedupeWindow, version, value));
        return (Refusal.None, version);
    }

    public (Refusal, long Sum, long Version) Increment(
        long by, DateTimeOffset? expiresAt, string? id, DateTimeOffset now)
    {
        if (Find(id, now) is { } first)
        {
            return Number(first.Value) is { } answer && answer <= long.MaxValue && answer >= long.MinValue
                ? (Refusal.None, (long)answer, first.Version)
                : (Refusal.NotANumber, 0, first.Version);
        }

        var present = Get(now);
        var version = present?.Version ?? 0;
        if ((present is null ? 0 : Number(present.Value)) is not { } number) return (Refusal.NotANumber, 0, version);

        var sum = number + by;
        if (sum > long.MaxValue || sum < long.MinValue || number > long.MaxValue || number < long.MinValue)
        {
            return (Refusal.NumberOverflow, 0, version);
        }

        var value = HashKeyDriver.Json(sum.ToString(CultureInfo.InvariantCulture));
        var (refusal, next) = Set(value, expiresAt ?? present?.ExpiresAt, SetCondition.Always, id, now);
        return (refusal, refusal is Refusal.None ? (long)sum : 0, next);
    }

    public (Refusal, bool Removed) Delete(SetCondition condition, DateTimeOffset now)
    {
        if (!Holds(condition, now)) return (Refusal.ConditionFailed, false);
        if (Get(now) is null) return (Refusal.None, false);

        Note(null, null, now);
        return (Refusal.None, true);
    }

    public void DoWhatIsDue(DateTimeOffset now)
    {
        if (_changes.LastOrDefault()?.ExpiresAt <= now) Note(null, null, now);
        if (_ids.Exists(id => id.Until + limits.DedupeWindow / 16 <= now)) _ids.RemoveAll(id => id.Until <= now);
    }

    private static BigInteger? Number(Payload value)
    {
        var text = Encoding.UTF8.GetString(value.Bytes.Span);
        return value.Kind is not PayloadKind.Binary && WholeNumberPattern().IsMatch(text)
            ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : null;
    }

    private Repeatable? Find(string? id, DateTimeOffset now) =>
        _ids.SingleOrDefault(remembered => remembered.Id == id && remembered.Until > now);

    private bool Holds(SetCondition condition, DateTimeOffset now) =>
        condition == SetCondition.Always
        || (condition == SetCondition.Absent && Get(now) is null)
        || (condition == SetCondition.Present && Get(now) is not null)
        || (condition.Kind is SetConditionKind.AtVersion && (Get(now)?.Version ?? 0) == condition.Version);

    private long Note(Payload? value, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        var microseconds = (now - DateTimeOffset.UnixEpoch).Ticks / 10;
        var version = _changes.Select(change => change.Version + 1).Append(microseconds).Max();
        _changes.Add(new Change(value, version, expiresAt));
        return version;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\z")]
    private static partial Regex WholeNumberPattern();

    private sealed record Change(Payload? Value, long Version, DateTimeOffset? ExpiresAt);

    private sealed record Repeatable(string Id, DateTimeOffset Until, long Version, Payload Value);
}
