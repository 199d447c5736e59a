using System.Text.Json;
using Signalbox.Conformance.Subjects;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;

namespace Signalbox.WebSockets.Conformance.Tests;

// Hash keys and queues.
internal sealed partial class WebSocketConnection
{
    public async Task<Stored> SetAsync(string key, string value, SetCondition condition, TimeSpan? ttl, string? id)
    {
        var reply = await talk.AskAsync(
            "set", ("key", key), ("value", new PlainValue(value)), ("if", Condition(condition)), ("ttl", ttl), ("id", id));
        return new Stored(OutcomeOf(reply), NumberOf(reply, "version"));
    }

    public async Task<Kept?> GetAsync(string key)
    {
        var reply = await talk.AskAsync("get", ("key", key));
        return IsNothing(reply) ? null : new Kept(PlainValue.Of(reply), NumberOf(reply, "version"));
    }

    public async Task<Deleted> DeleteAsync(string key, SetCondition condition)
    {
        var reply = await talk.AskAsync("delete", ("key", key), ("if", Condition(condition)));
        return new Deleted(OutcomeOf(reply), FlagOf(reply, "deleted"));
    }

    public async Task<Incremented> IncrementAsync(string key, long by, TimeSpan? ttl, string? id)
    {
        var reply = await talk.AskAsync("incr", ("key", key), ("by", by), ("ttl", ttl), ("id", id));
        return new Incremented(OutcomeOf(reply), NumberOf(reply, "value"), NumberOf(reply, "version"));
    }

    public Task<NamePage> KeysAsync(string prefix, string? cursor, int limit) => PageAsync("keys", prefix, cursor, limit);

    public Task<long> CountKeysAsync() => ValueAsync("count");

    public Task<long> DeleteAllKeysAsync() => ValueAsync("deleteall");

    public async Task<Outcome> PushAsync(string queue, string value, Pushing how) => OutcomeOf(await talk.AskAsync(
        "qpush", ("key", queue), ("value", new PlainValue(value)), ("priority", how.Priority), ("delay", how.Delay), ("ttl", how.Ttl),
        ("id", how.Id)));

    public async Task<Popped?> PopAsync(string queue, TimeSpan? lease, TimeSpan? wait)
    {
        var reply = await talk.AskAsync(
            "qpop", ("key", queue), ("reserve", lease), ("block", wait != TimeSpan.Zero), ("timeout", wait == TimeSpan.Zero ? null : wait));
        return IsNothing(reply)
            ? null
            : new Popped(PlainValue.Of(reply), TextOf(reply, "receipt"), (int)NumberOf(reply, "attempts"));
    }

    public async Task<Outcome> AcknowledgeAsync(string queue, string receipt) =>
        OutcomeOf(await talk.AskAsync("qack", ("key", queue), ("receipt", receipt)));

    public async Task<Outcome> ReturnAsync(string queue, string receipt, TimeSpan delay) =>
        OutcomeOf(await talk.AskAsync("qnack", ("key", queue), ("receipt", receipt), ("delay", delay)));

    public async Task<Outcome> ExtendAsync(string queue, string receipt, TimeSpan lease) =>
        OutcomeOf(await talk.AskAsync("qextend", ("key", queue), ("receipt", receipt), ("reserve", lease)));

    public async Task<IReadOnlyList<string>> PeekAsync(string queue, int limit)
    {
        var reply = await talk.AskAsync("qpeek", ("key", queue), ("limit", limit));
        return [.. reply.GetProperty("value").EnumerateArray().Select(PlainValue.Of)];
    }

    public async Task<QueueCounts> CountItemsAsync(string queue)
    {
        var reply = await talk.AskAsync("qcount", ("key", queue));
        return new QueueCounts(
            (int)NumberOf(reply, "ready"), (int)NumberOf(reply, "delayed"), (int)NumberOf(reply, "leased"), (int)NumberOf(reply, "dead"));
    }

    public async Task<int> ClearAsync(string queue) => (int)NumberOf(await talk.AskAsync("qdelete", ("key", queue)), "value");

    public Task<NamePage> QueuesAsync(string prefix, string? cursor, int limit) => PageAsync("queues", prefix, cursor, limit);

    public Task<long> ClearAllQueuesAsync() => ValueAsync("qdeleteall");

    private async Task<long> ValueAsync(string command) => NumberOf(await talk.AskAsync(command), "value");

    private static bool IsNothing(JsonElement reply) => reply.GetProperty("value").ValueKind == JsonValueKind.Null;

    private static object? Condition(SetCondition condition) => condition.Kind switch
    {
        SetConditionKind.Absent => "absent",
        SetConditionKind.Present => "present",
        SetConditionKind.AtVersion => condition.Version,
        _ => null,
    };
}
