using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>What is written, and what is not worth a write.</summary>
public sealed class WrittenTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly List<EmbeddedEngine> _engines = [];

    public WrittenTests() => _log.Release();

    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
    }

    [Fact]
    public async Task A_channel_without_durability_writes_nothing()
    {
        var news = Engine(ChannelOptions.Default).Channel("news");

        await news.EnterAsync(new EnterRequest(Member("ann"), null), None);
        await news.PublishAsync(Requests.Publish("hello") with { Id = "id" }, None);
        await news.LeaveAsync("ann", None);
        _clock.Pass(TimeSpan.FromHours(1));

        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Of_a_channel_without_durability_the_value_is_written_as_the_whole_of_it()
    {
        var news = Engine(ChannelOptions.Default).Channel("news");

        await news.PublishAsync(Requests.Publish("live"), None);
        await news.PublishAsync(Requests.Publish("value") with { Retain = true }, None);
        await news.PublishAsync(Requests.Publish("other value") with { Retain = true }, None);

        Assert.All(_log.Entries, entry => Assert.Equal(EntryMark.Begins, entry.Mark));
        var facts = _log.Facts.Cast<ChannelRestored>().ToList();
        Assert.Equal([2L, 3L], facts.Select(fact => fact.LastOffset));
        Assert.Equal([2L, 3L], facts.Select(fact => fact.Retained!.Offset)); // It is what the fact is about.
    }

    [Fact]
    public async Task That_a_value_is_taken_away_is_written_once_and_only_where_there_was_one()
    {
        var news = Engine(ChannelOptions.Default).Channel("news");
        var nothing = Requests.Publish("") with { Retain = true };
        await news.PublishAsync(nothing, None);
        Assert.Empty(_log.Entries);

        await news.PublishAsync(Requests.Publish("value") with { Retain = true }, None);
        await news.PublishAsync(nothing, None);
        await news.PublishAsync(nothing, None);

        Assert.Equal(2, _log.Entries.Count);
        Assert.IsType<RetainedCleared>(_log.Facts[^1]);
        Assert.Equal(EntryMark.None, _log.Entries[^1].Mark);
    }

    [Fact]
    public async Task A_value_without_durability_is_not_written()
    {
        var options = ChannelOptions.Default with { RetainedDurability = Core.Storage.Durability.None };

        await Engine(options).Channel("news").PublishAsync(Requests.Publish("value") with { Retain = true }, None);

        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Of_a_durable_channel_everything_is_written_but_who_is_present()
    {
        var news = Engine(ChannelOptions.Default with { Durability = Core.Storage.Durability.Always }).Channel("news");

        await news.EnterAsync(new EnterRequest(Member("ann"), null), None);
        Assert.Empty(_log.Entries);
        await news.PublishAsync(Requests.Publish("hello") with { Id = "id" }, None);
        await news.LeaveAsync("ann", None);
        _clock.Pass(TimeSpan.FromHours(1));

        Assert.Equal(
            [typeof(ChannelOpened), typeof(MessagePublished), typeof(HistoryExpired), typeof(PublishIdsForgotten)],
            _log.Facts.Select(fact => fact.GetType()));
        Assert.Equal(EntryMark.Begins, _log.Entries[0].Mark);
        Assert.All(_log.Entries.Skip(1), entry => Assert.Equal(EntryMark.None, entry.Mark));
    }

    [Fact]
    public async Task What_a_user_spends_is_written_where_its_window_is_longer_than_a_minute()
    {
        var ann = Engine(ChannelOptions.Default).User("ann");
        await ann.OpenAsync(new UserConnection("1", "node", "peer", "tcp", null, _clock.GetUtcNow(), null), None);
        await ann.SpendAsync(new RateLimit("short", 5, TimeSpan.FromMinutes(1)), 1, None);
        Assert.Empty(_log.Entries);

        await ann.SpendAsync(new RateLimit("long", 5, TimeSpan.FromMinutes(2)), 1, None);
        _clock.Pass(TimeSpan.FromMinutes(5));
        await ann.CloseAsync("1", None);

        Assert.Equal(["long", "long"], _log.Facts.Select(fact => fact is RateSpent spent ? spent.Limit : ((RateForgotten)fact).Limit));
    }

    [Fact]
    public async Task A_queue_begins_with_its_first_item_and_not_with_who_waits_for_it()
    {
        var work = Engine(ChannelOptions.Default).Queue("work", QueuePart.Live);
        using var cancellation = new CancellationTokenSource();
        var waiting = work.PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
        Assert.Empty(_log.Entries);

        var pushed = await work.PushAsync(Requests.Push("letter"), None);

        Assert.Equal(new QueueRestored(pushed.ItemId - 1), _log.Facts[0]);
        Assert.IsType<ItemAdded>(_log.Facts[1]);
        await waiting;
    }

    [Fact]
    public async Task An_item_on_its_way_to_a_reply_is_written_when_it_is_gone_and_a_lease_at_once()
    {
        var work = Engine(ChannelOptions.Default).Queue("work", QueuePart.Live);
        await work.PushAsync(Requests.Push("one"), None);
        await work.PushAsync(Requests.Push("two"), None);

        var handedOver = await work.PopAsync(Requests.PopNow, None);
        Assert.IsType<ItemAdded>(_log.Facts[^1]);
        await work.AcknowledgeAsync(handedOver.Receipt, None);
        Assert.IsType<ItemRemoved>(_log.Facts[^1]);
        await work.PopAsync(Requests.ReserveNow, None);

        Assert.IsType<ItemTaken>(_log.Facts[^1]);
    }

    [Fact]
    public async Task A_kind_without_durability_writes_nothing_and_waits_for_nothing()
    {
        var log = new HeldLog { HasRoom = false };
        using var engine = new EmbeddedEngine(_clock, log, ChannelRules.Default, EngineLimits.Default, new EngineDurability
        {
            Hash = Core.Storage.Durability.None,
            Queue = Core.Storage.Durability.None,
            User = Core.Storage.Durability.None,
        });

        await engine.Hash("lamp").SetAsync(Requests.Set("on"), None);
        await engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("letter"), None);
        await engine.User("ann").SpendAsync(new RateLimit("long", 5, TimeSpan.FromMinutes(2)), 1, None);

        Assert.Empty(log.Entries);
    }

    private EmbeddedEngine Engine(ChannelOptions options)
    {
        var engine = new EmbeddedEngine(
            _clock, _log, new ChannelRules([], options), EngineLimits.Default, EngineDurability.Default);
        _engines.Add(engine);
        return engine;
    }

    private Member Member(string id) => new(id, "node", "peer", null, null, _clock.GetUtcNow());
}
