using System.Collections.Immutable;

namespace Signalbox.Simulation.Expected;

/// <summary>A channel as the promises describe it. Its epoch is the engine's to name.</summary>
internal sealed record ExpectedChannel
{
    public static readonly ExpectedChannel Empty = new();

    public long Last { get; init; }

    public ImmutableList<ExpectedMessage> History { get; init; } = [];

    public ExpectedMessage? Retained { get; init; }

    public ImmutableDictionary<string, (long Offset, DateTimeOffset Until)> Ids { get; init; } =
        ImmutableDictionary<string, (long Offset, DateTimeOffset Until)>.Empty;

    public long First => History.IsEmpty ? Last + 1 : History[0].Offset;

    /// <summary>The channel as another process finds it: one of which nothing is left to be seen begins anew.</summary>
    public ExpectedChannel AfterCrash(DateTimeOffset now)
    {
        var then = At(now);
        var isIdle = then.History.IsEmpty && Retained is null && Ids.Values.All(id => id.Until <= now);
        return isIdle ? Empty : then;
    }

    public ExpectedChannel At(DateTimeOffset now) =>
        this with { History = History.RemoveAll(message => message.Time + Settings.HistoryAge <= now) };

    public (long Offset, ExpectedChannel Next) Publish(string payload, bool retain, string? id, DateTimeOffset now)
    {
        if (id is not null && Ids.TryGetValue(id, out var first) && first.Until > now) return (first.Offset, this);

        var message = new ExpectedMessage(Last + 1, now, payload);
        var history = History.Add(message);
        if (history.Count > Settings.HistorySize) history = history.RemoveAt(0);
        var retained = payload.Length > 0 ? message : null;
        var ids = id is null ? Ids : Ids.SetItem(id, (message.Offset, now + Settings.Window));
        var next = new ExpectedChannel
        {
            Last = message.Offset,
            History = history,
            Retained = retain ? retained : Retained,
            Ids = ids,
        };
        return (message.Offset, next);
    }

    public IEnumerable<ExpectedMessage> After(long offset) => History.Where(message => message.Offset > offset);
}

internal sealed record ExpectedMessage(long Offset, DateTimeOffset Time, string Payload);
