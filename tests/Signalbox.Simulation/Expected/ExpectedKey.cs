using System.Collections.Immutable;
using System.Globalization;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;

namespace Signalbox.Simulation.Expected;

/// <summary>A hash key as the promises describe it.</summary>
internal sealed record ExpectedKey
{
    public static readonly ExpectedKey Absent = new();

    public string? Value { get; init; }

    public long Version { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public ImmutableDictionary<string, Answered> Ids { get; init; } = ImmutableDictionary<string, Answered>.Empty;

    private long PresentVersion => Value is null ? 0 : Version;

    /// <summary>The key when this moment has come.</summary>
    public ExpectedKey At(DateTimeOffset now) =>
        Value is null || ExpiresAt is not { } end || end > now ? this : Without(end);

    public (Refusal Refusal, long Version, ExpectedKey Next) Set(
        string value, TimeSpan? ttl, SetCondition condition, string? id, DateTimeOffset now)
    {
        if (Recall(id, now) is { } first) return (Refusal.None, first.Version, this);
        if (!Holds(condition)) return (Refusal.ConditionFailed, PresentVersion, this);

        var next = With(value, now + ttl, id, now);
        return (Refusal.None, next.Version, next);
    }

    public (Refusal Refusal, long Sum, long Version, ExpectedKey Next) Increment(
        long by, TimeSpan? ttl, string? id, DateTimeOffset now)
    {
        if (Recall(id, now) is { } first)
        {
            var refusal = first.Number is null ? Refusal.NotANumber : Refusal.None;
            return (refusal, first.Number ?? 0, first.Version, this);
        }

        if (NumberIn(Value ?? "0") is not { } number) return (Refusal.NotANumber, 0, PresentVersion, this);

        var expiresAt = ttl is null && Value is not null ? ExpiresAt : now + ttl;
        var next = With((number + by).ToString(CultureInfo.InvariantCulture), expiresAt, id, now);
        return (Refusal.None, number + by, next.Version, next);
    }

    public (Refusal Refusal, bool Existed, ExpectedKey Next) Delete(SetCondition condition, DateTimeOffset now)
    {
        if (!Holds(condition)) return (Refusal.ConditionFailed, false, this);

        return Value is null ? (Refusal.None, false, this) : (Refusal.None, true, Without(now));
    }

    private static long? NumberIn(string value) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null;

    private ExpectedKey With(string value, DateTimeOffset? expiresAt, string? id, DateTimeOffset now)
    {
        var next = this with { Value = value, Version = NextVersion(now), ExpiresAt = expiresAt };
        if (id is null) return next;

        var answered = new Answered(next.Version, NumberIn(value), now + Settings.Window);
        return next with { Ids = Ids.SetItem(id, answered) };
    }

    private ExpectedKey Without(DateTimeOffset now) =>
        this with { Value = null, Version = NextVersion(now), ExpiresAt = null };

    private long NextVersion(DateTimeOffset now) =>
        Math.Max(Version + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private Answered? Recall(string? id, DateTimeOffset now) =>
        id is not null && Ids.TryGetValue(id, out var answered) && answered.Until > now ? answered : null;

    private bool Holds(SetCondition condition) => condition.Kind switch
    {
        SetConditionKind.Absent => Value is null,
        SetConditionKind.Present => Value is not null,
        SetConditionKind.AtVersion => condition.Version == PresentVersion,
        _ => true,
    };

    internal sealed record Answered(long Version, long? Number, DateTimeOffset Until);
}
