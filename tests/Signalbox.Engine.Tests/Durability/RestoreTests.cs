using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>A start from a log, and what it does with what the log does not say.</summary>
public sealed class RestoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly HeldLog _after = new();
    private readonly EmbeddedEngine _engine;
    private readonly List<EmbeddedEngine> _engines = [];

    public RestoreTests()
    {
        _log.Release();
        _after.Release();
        _engine = new EmbeddedEngine(
            _clock, _log, Requests.AlwaysDurable, EngineLimits.Default, EngineDurability.Default);
        _engines.Add(_engine);
    }

    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
    }

    [Fact]
    public async Task More_keys_than_are_allowed_by_now_are_all_there_and_a_new_one_is_refused()
    {
        await _engine.Hash("a").SetAsync(Requests.Set("1"), None);
        await _engine.Hash("b").SetAsync(Requests.Set("2"), None);

        var engine = Restart(limits: EngineLimits.Default with { MaxKeys = 1 });

        Assert.Equal(["a", "b"], (await engine.ListKeysAsync(new ListRequest("", null, 9), None)).Entries);
        Assert.Equal(2, await engine.CountKeysAsync(None));
        Assert.Equal(Refusal.TooManyKeys, (await engine.Hash("c").SetAsync(Requests.Set("3"), None)).Refusal);
        Assert.Equal(Refusal.None, (await engine.Hash("b").SetAsync(Requests.Set("3"), None)).Refusal);
    }

    [Fact]
    public async Task What_fell_due_meanwhile_is_done_first()
    {
        await _engine.Hash("a").SetAsync(Requests.Set("1") with { Ttl = Second }, None);
        await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Queue("work", QueuePart.Live).PopAsync(new PopRequest(Second, TimeSpan.Zero), None);
        await _engine.Channel("news").PublishAsync(Requests.Publish("hello"), None);
        var entries = _log.Entries;
        _clock.Pass(TimeSpan.FromHours(1));

        var engine = Restart(entries);

        Assert.Empty((await engine.ListKeysAsync(new ListRequest("", null, 9), None)).Entries);
        Assert.NotNull((await engine.Queue("work", QueuePart.Live).PopAsync(Requests.PopNow, None)).Item);
        Assert.Empty((await engine.Channel("news").HistoryAsync(new HistoryRequest(0, 9, false), None)).Messages);
        Assert.Equal(
            [typeof(HistoryExpired), typeof(ItemReturned), typeof(KeyRemoved)],
            _after.Facts.Select(fact => fact.GetType()).OrderBy(type => type.Name));
    }

    [Fact]
    public async Task What_falls_due_later_is_done_in_its_time()
    {
        await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Queue("work", QueuePart.Live).PopAsync(new PopRequest(Second, TimeSpan.Zero), None);
        var work = Restart().Queue("work", QueuePart.Live);
        var waiting = work.PopAsync(Requests.PopWhenever, None).AsTask();
        Assert.False(waiting.IsCompleted);

        _clock.Pass(Second);

        Assert.NotNull((await waiting.WaitAsync(TimeSpan.FromSeconds(20), None)).Item);
    }

    [Fact]
    public async Task An_item_that_was_on_its_way_to_a_reply_is_there_again()
    {
        await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Queue("work", QueuePart.Live).PopAsync(Requests.PopNow, None);

        var engine = Restart();

        Assert.Equal("work", Assert.Single((await engine.ListQueuesAsync(new ListRequest("", null, 9), None)).Entries).Name);
        var again = await engine.Queue("work", QueuePart.Live).PopAsync(Requests.ReserveNow, None);
        Assert.Equal(Requests.Text("one"), again.Item?.Payload);
        Assert.Equal(1, again.Item?.Attempts);
    }

    [Fact]
    public async Task What_nothing_is_left_of_is_forgotten_at_once()
    {
        var pushed = await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Queue("work", QueuePart.Live).ClearAsync(None);
        _clock.Pass(Second);

        var engine = Restart(limits: EngineLimits.Default with { MaxQueues = 1 });

        Assert.Equal(Refusal.None, (await engine.Queue("other", QueuePart.Live).PushAsync(Requests.Push("one"), None)).Refusal);
        Assert.True(pushed.ItemId > 0);
    }

    [Fact]
    public async Task A_queue_gives_no_number_twice_although_the_clock_was_set_back()
    {
        var behind = new ManualClock();
        _clock.Pass(TimeSpan.FromHours(1));
        var pushed = await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Queue("work", QueuePart.Live).ClearAsync(None);

        var engine = Restart(clock: behind);
        behind.Pass(TimeSpan.FromMinutes(30));
        var next = await engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("two"), None);

        Assert.True(next.ItemId > pushed.ItemId);
    }

    [Fact]
    public async Task Of_a_machine_that_began_anew_nothing_of_the_first_counts()
    {
        var user = _engine.User("ann");
        var limit = new RateLimit("chat", 5, TimeSpan.FromMinutes(2));
        await user.SpendAsync(limit, 3, None);
        _clock.Pass(TimeSpan.FromMinutes(2));
        await user.SpendAsync(limit, 1, None);

        Assert.Equal(2, _log.Entries.Count(entry => entry.Mark == EntryMark.Begins));
        Assert.Equal(4, (await Restart().User("ann").QuotaAsync(limit, None)).Remaining);
    }

    [Fact]
    public async Task A_kind_that_is_not_to_outlive_the_process_any_more_does_not()
    {
        await _engine.Hash("a").SetAsync(Requests.Set("1"), None);
        await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("one"), None);
        await _engine.Channel("news").PublishAsync(Requests.Publish("hello") with { Retain = true }, None);
        var forgetful = ChannelOptions.Default with { RetainedDurability = Core.Storage.Durability.None };

        var engine = Restart(
            rules: new ChannelRules([], forgetful),
            durability: new EngineDurability { Hash = Core.Storage.Durability.None, Queue = Core.Storage.Durability.None });

        Assert.Equal(0, await engine.CountKeysAsync(None));
        Assert.Equal(default, await engine.Queue("work", QueuePart.Live).CountAsync(None));
        Assert.Null((await engine.Channel("news").EnterAsync(new EnterRequest(null, null), None)).Retained);
    }

    [Fact]
    public void What_happened_to_a_machine_that_never_began_is_an_error_unless_it_is_still_to_be_told()
    {
        var entry = new LogEntry(
            MachineKind.HashKey, "lamp", new KeyRemoved(1, KeyRemovalReason.Deleted), EntryMark.None, default);

        _engine.Restore(entry, isBeingTold: true);
        var error = Assert.Throws<RestoreException>(() => _engine.Restore(entry, isBeingTold: false));

        Assert.Equal((MachineKind.HashKey, "lamp"), (error.Kind, error.Name));
    }

    [Fact]
    public void What_happened_to_an_item_that_is_not_there_is_an_error_unless_it_is_still_to_be_told()
    {
        _engine.Restore(new LogEntry(MachineKind.Queue, "work", new QueueRestored(5), EntryMark.Begins, default), false);
        QueueFact[] facts =
        [
            new ItemTaken(3, 1, 1, default),
            new LeaseExtended(3, default),
            new ItemReturned(3, 1, null),
            new ItemBuried(3),
            new ItemRemoved(3, RemovalReason.Expired),
        ];

        foreach (var fact in facts)
        {
            var entry = new LogEntry(MachineKind.Queue, "work", fact, EntryMark.None, default);
            _engine.Restore(entry, isBeingTold: true);
            var error = Assert.Throws<RestoreException>(() => _engine.Restore(entry, isBeingTold: false));
            Assert.Contains("'work'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_fact_of_another_kind_of_machine_is_an_error()
    {
        var entry = new LogEntry(MachineKind.User, "ann", new QueueRestored(5), EntryMark.Begins, default);

        Assert.Equal("ann", Assert.Throws<RestoreException>(() => _engine.Restore(entry, isBeingTold: true)).Name);
        Assert.Throws<RestoreException>(() => _engine.Restore(entry with { Kind = (MachineKind)9 }, isBeingTold: true));
    }

    private EmbeddedEngine Restart(
        IEnumerable<LogEntry>? entries = null,
        ManualClock? clock = null,
        ChannelRules? rules = null,
        EngineLimits? limits = null,
        EngineDurability? durability = null)
    {
        var engine = Restored.From(entries ?? _log.Entries, clock ?? _clock, _after, rules, limits, durability);
        _engines.Add(engine);
        return engine;
    }
}
