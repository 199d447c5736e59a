using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Users;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>What a checkpoint tells. That it is enough is what <see cref="RestoreProperties"/> tries.</summary>
public sealed class TellingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RateLimit Long = new("long", 5, TimeSpan.FromMinutes(2));

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly EmbeddedEngine _engine;

    public TellingTests()
    {
        _log.Release();
        var durable = ChannelOptions.Default with { Durability = Core.Storage.Durability.Always };
        var rules = new ChannelRules([new ChannelRule("durable", durable)], ChannelOptions.Default);
        _engine = new EmbeddedEngine(_clock, _log, rules, EngineLimits.Default, EngineDurability.Default);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Of_every_kind_it_tells_what_is_written_and_begins_with_that()
    {
        await _engine.Hash("lamp").SetAsync(Requests.Set("on"), None);
        await _engine.Channel("durable").PublishAsync(Requests.Publish("hello"), None);
        await _engine.Channel("value").PublishAsync(Requests.Publish("hello") with { Retain = true }, None);
        await _engine.User("ann").SpendAsync(Long, 1, None);
        await _engine.User("ann").SpendAsync(new RateLimit("short", 5, TimeSpan.FromSeconds(9)), 1, None);
        await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one", id: "id"), None);

        var told = Tell();

        Assert.All(told, entry => Assert.True(entry.Mark.HasFlag(EntryMark.Told)));
        Assert.All(told, entry => Assert.Equal(Core.Storage.Durability.Always, entry.Durability));
        Assert.Equal(
            ["ann RateSpent", "durable ChannelRestored", "lamp KeySet", "value ChannelRestored", "work QueueRestored"],
            told.Where(entry => entry.Mark.HasFlag(EntryMark.Begins)).Select(Describe).Order());
        Assert.Equal(
            ["durable MessagePublished", "work DedupeIdKept", "work ItemKept"],
            told.Where(entry => !entry.Mark.HasFlag(EntryMark.Begins)).Select(Describe).Order());
    }

    [Fact]
    public async Task Of_what_never_was_written_it_tells_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        await _engine.Channel("live").PublishAsync(Requests.Publish("hello"), None);
        await _engine.Channel("durable").EnterAsync(new EnterRequest(null, null), None);
        await _engine.User("ann").SpendAsync(new RateLimit("short", 5, TimeSpan.FromSeconds(9)), 1, None);
        var waiting = _engine.Queue("work", QueuePart.Live).PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();

        Assert.Empty(Tell());

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Telling_makes_nobody_wait()
    {
        await _engine.Hash("lamp").SetAsync(Requests.Set("on"), None);
        var log = new HeldLog();
        using var engine = Restored.From(_log.Entries, _clock, log);

        Assert.False(new Telling(engine).Step(9));

        Assert.Single(log.Entries);
        Assert.True(engine.Hash("lamp").GetAsync(None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_was_revoked_stays_out_after_a_restart_be_it_from_the_log_or_from_a_checkpoint()
    {
        var token = new TokenStamp("t1", _clock.GetUtcNow());
        await _engine.User("ann").RevokeAsync(new RevokeRequest(null, TimeSpan.FromHours(1)), None);
        await _engine.User("bea").RevokeAsync(new RevokeRequest("t1", TimeSpan.FromHours(1)), None);
        var written = _log.Entries.ToList();
        var told = Tell();

        foreach (var entries in new[] { written, told })
        {
            using var engine = Restored.From(entries, _clock, new HeldLog(), told: entries == told ? told.Count : 0);
            Assert.Equal(Refusal.Revoked, await engine.User("ann").CheckAsync(token, None));
            Assert.Equal(Refusal.Revoked, await engine.User("bea").CheckAsync(token, None));
            Assert.Equal(Refusal.None, await engine.User("bea").CheckAsync(token with { Id = "t2" }, None));
        }
    }

    [Fact]
    public async Task Who_is_kept_in_memory_only_begins_anew_with_what_is_written_next()
    {
        var ann = _engine.User("ann");
        await ann.OpenAsync(new UserConnection("1", "node", "peer", "tcp", null, _clock.GetUtcNow(), null), None);
        await ann.SpendAsync(Long, 1, None);
        _clock.Pass(TimeSpan.FromMinutes(3));

        Assert.Empty(Tell());
        await ann.SpendAsync(Long, 1, None);

        Assert.Equal(EntryMark.Begins, _log.Entries[^1].Mark);
    }

    [Fact]
    public async Task A_long_queue_is_told_in_portions_between_which_others_have_their_turn()
    {
        var work = _engine.Queue("work", QueuePart.Live);
        for (var i = 0; i < 1000; i++) await work.PushAsync(Requests.Push($"{i}"), None);
        var telling = new Telling(_engine);
        var lengths = new List<int>();

        for (var more = true; more;)
        {
            var before = _log.Entries.Count;
            more = telling.Step(10);
            lengths.Add(_log.Entries.Count - before);
            await work.PushAsync(Requests.Push("news"), None);
        }

        Assert.All(lengths, length => Assert.InRange(length, 0, 10));
        var told = _log.Facts.OfType<ItemKept>().Select(fact => fact.Item.Id).ToList();
        Assert.Equal(1000, told.Count);
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public async Task Of_a_queue_that_is_cleared_meanwhile_it_tells_no_more()
    {
        var work = _engine.Queue("work", QueuePart.Live);
        for (var i = 0; i < 100; i++) await work.PushAsync(Requests.Push($"{i}"), None);
        var telling = new Telling(_engine);
        while (!_log.Facts.OfType<ItemKept>().Any()) telling.Step(1);

        await work.ClearAsync(None);
        var told = _log.Facts.OfType<ItemKept>().Count();
        while (telling.Step(10))
        {
            // Until all is told.
        }

        Assert.Equal(told, _log.Facts.OfType<ItemKept>().Count());
    }

    private static string Describe(LogEntry entry) => $"{entry.Name} {entry.Fact.GetType().Name}";

    private List<LogEntry> Tell()
    {
        var before = _log.Entries.Count;
        var telling = new Telling(_engine);
        while (telling.Step(3))
        {
            // Until all is told.
        }

        return [.. _log.Entries.Skip(before)];
    }
}
