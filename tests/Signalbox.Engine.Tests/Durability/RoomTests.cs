using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>A log that takes no more: what would have to be written is refused, and all else goes on.</summary>
public sealed class RoomTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly RateLimit Hourly = new("chat", 5, TimeSpan.FromHours(1));

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly EmbeddedEngine _engine;

    public RoomTests()
    {
        _log.Release();
        var durable = ChannelOptions.Default with { Durability = Core.Storage.Durability.Always };
        var rules = new ChannelRules([new ChannelRule("durable/#", durable)], ChannelOptions.Default);
        var limits = EngineLimits.Default with { MaxChannels = 2, MaxKeys = 1, MaxQueues = 1 };
        _engine = new EmbeddedEngine(_clock, _log, rules, limits, EngineDurability.Default);
    }

    private IHashKey Lamp => _engine.Hash("lamp");

    private IQueue Work => _engine.Queue("work", QueuePart.Live);

    private IChannel News => _engine.Channel("durable/news");

    private IChannel Live => _engine.Channel("live");

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Changes_are_refused_and_change_nothing()
    {
        await FillAsync();
        var held = await Work.PopAsync(Requests.ReserveNow, None);
        await News.PublishAsync(Requests.Publish("one"), None);
        var written = _log.Entries.Count;
        _log.HasRoom = false;

        Refusal[] refusals =
        [
            (await Lamp.SetAsync(Requests.Set("off"), None)).Refusal,
            (await Lamp.IncrementAsync(new IncrementRequest(1, null, null), None)).Refusal,
            (await Lamp.DeleteAsync(SetCondition.Always, None)).Refusal,
            (await _engine.DeleteAllKeysAsync(None)).Refusal,
            (await Work.PushAsync(Requests.Push("three"), None)).Refusal,
            (await Work.PopAsync(Requests.PopNow, None)).Refusal,
            (await Work.PopAsync(Requests.ReserveWhenever, None)).Refusal,
            await Work.ExtendAsync(held.Receipt, 9 * Second, None),
            (await Work.ClearAsync(None)).Refusal,
            (await _engine.ClearAllQueuesAsync(None)).Refusal,
            (await News.PublishAsync(Requests.Publish("two"), None)).Refusal,
            (await Live.PublishAsync(Requests.Publish("value") with { Retain = true }, None)).Refusal,
            (await _engine.User("ann").SpendAsync(Hourly, 1, None)).Refusal,
        ];

        Assert.All(refusals, refusal => Assert.Equal(Refusal.StorageUnavailable, refusal));
        Assert.Equal(written, _log.Entries.Count);
        Assert.Equal(Requests.Text("1"), (await Lamp.GetAsync(None))?.Value);
        Assert.Equal(new QueueCounts(1, 0, 1, 0), await Work.CountAsync(None));
        Assert.Single((await News.HistoryAsync(new HistoryRequest(0, 9, Reverse: false), None)).Messages);
        Assert.Equal(5, (await _engine.User("ann").QuotaAsync(Hourly, None)).Remaining);
    }

    [Fact]
    public async Task What_is_refused_begins_nothing_and_remembers_no_id()
    {
        _log.HasRoom = false;
        await Lamp.SetAsync(Requests.Set("1", id: "id"), None);
        await Work.PushAsync(Requests.Push("one", id: "id"), None);
        await _engine.Channel("durable/other").PublishAsync(Requests.Publish("one"), None);
        await Live.EnterAsync(new EnterRequest(null, null), None);
        await News.EnterAsync(new EnterRequest(null, null), None);
        await News.PublishAsync(Requests.Publish("one") with { Id = "id" }, None);
        _log.HasRoom = true;

        // There is room for one key, one queue and two channels.
        Assert.Equal(Refusal.None, (await _engine.Hash("other").SetAsync(Requests.Set("1", id: "id"), None)).Refusal);
        Assert.Equal(
            Refusal.None, (await _engine.Queue("other", QueuePart.Live).PushAsync(Requests.Push("one", id: "id"), None)).Refusal);
        Assert.Equal(1, (await News.PublishAsync(Requests.Publish("one") with { Id = "id" }, None)).Offset);
        Assert.Equal(Requests.Text("one"), Assert.Single(
            (await News.HistoryAsync(new HistoryRequest(0, 9, Reverse: false), None)).Messages).Payload);
    }

    [Fact]
    public async Task What_would_change_nothing_is_answered_as_ever()
    {
        await FillAsync();
        var first = await _engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("two", id: "id"), None);
        _log.HasRoom = false;

        Assert.Equal(first, await Work.PushAsync(Requests.Push("two", id: "id"), None));
        Assert.Equal(
            Refusal.ConditionFailed,
            (await Lamp.SetAsync(Requests.Set("2") with { Condition = SetCondition.Absent }, None)).Refusal);
        Assert.Equal(
            new DeleteAnswer(Refusal.None, false), await _engine.Hash("none").DeleteAsync(SetCondition.Always, None));
        Assert.Equal(PopAnswer.Nothing, await _engine.Queue("work", QueuePart.Dead).PopAsync(Requests.PopNow, None));
        Assert.Equal(Refusal.None, (await _engine.Queue("work", QueuePart.Dead).ClearAsync(None)).Refusal);
    }

    [Fact]
    public async Task What_was_taken_before_is_acknowledged_and_given_back()
    {
        await FillAsync();
        var one = await Work.PopAsync(Requests.ReserveNow, None);
        var two = await Work.PopAsync(Requests.PopNow, None);
        _log.HasRoom = false;

        Assert.Equal(Refusal.None, await Work.AcknowledgeAsync(one.Receipt, None));
        Assert.Equal(Refusal.None, await Work.ReturnAsync(new ReturnRequest(two.Receipt, TimeSpan.Zero, false), None));
        Assert.Equal(new QueueCounts(1, 0, 0, 0), await Work.CountAsync(None));
    }

    [Fact]
    public async Task Live_messages_and_subscribers_need_no_room()
    {
        _log.HasRoom = false;
        var member = new Member("ann", "node", "peer", null, null, _clock.GetUtcNow());

        Assert.Equal(1, (await Live.PublishAsync(Requests.Publish("hello"), None)).Offset);
        Assert.Equal(Refusal.None, (await Live.EnterAsync(new EnterRequest(member, null), None)).Refusal);
        Assert.Equal(Refusal.None, (await News.EnterAsync(new EnterRequest(member, null), None)).Refusal);
        Assert.Equal(
            Refusal.None,
            (await _engine.User("ann").SpendAsync(new RateLimit("short", 5, TimeSpan.FromMinutes(1)), 1, None)).Refusal);
        await News.LeaveAsync("ann", None);
        _clock.Pass(TimeSpan.FromHours(1));

        Assert.Empty((await Live.HistoryAsync(new HistoryRequest(0, 9, Reverse: false), None)).Messages);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task What_time_brings_about_is_done_within_a_second_of_there_being_room()
    {
        await Lamp.SetAsync(new SetRequest(Requests.Text("1"), null, 10 * Second, SetCondition.Always, null), None);
        await Work.PushAsync(Requests.Push("one") with { Ttl = 10 * Second }, None);
        await News.PublishAsync(Requests.Publish("hello"), None);
        await _engine.User("ann").SpendAsync(Hourly, 1, None);
        var written = _log.Entries.Count;
        _log.HasRoom = false;

        // If it were looked after again and again, this would never end.
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(written, _log.Entries.Count);
        Assert.Null(await Lamp.GetAsync(None));

        _log.HasRoom = true;
        _clock.Pass(Second);
        Assert.Equal(
            [typeof(KeyRemoved), typeof(ItemRemoved), typeof(HistoryExpired), typeof(RateForgotten)],
            _log.Facts.Skip(written).Select(fact => fact.GetType()).OrderBy(type =>
                Array.IndexOf([typeof(KeyRemoved), typeof(ItemRemoved), typeof(HistoryExpired)], type) is >= 0 and var at ? at : 9));
    }

    [Fact]
    public async Task A_popper_may_wait_and_is_told_when_its_time_is_over()
    {
        _log.HasRoom = false;
        var popping = Work.PopAsync(new PopRequest(Second, 5 * Second), None).AsTask();

        _clock.Pass(5 * Second);

        Assert.Equal(PopAnswer.Nothing, await popping.WaitAsync(TimeSpan.FromSeconds(20), None));
    }

    [Fact]
    public async Task A_popper_is_given_what_came_back_when_there_is_room_again()
    {
        await Work.PushAsync(Requests.Push("one"), None);
        var taken = await Work.PopAsync(Requests.ReserveNow, None);
        var popping = Work.PopAsync(Requests.ReserveWhenever, None).AsTask();
        var late = Work.PopAsync(new PopRequest(Second, 5 * Second), None).AsTask();
        _log.HasRoom = false;
        await Work.ReturnAsync(new ReturnRequest(taken.Receipt, TimeSpan.Zero, CountAttempt: true), None);
        _clock.Pass(10 * Second);
        Assert.Equal(PopAnswer.Nothing, await late.WaitAsync(TimeSpan.FromSeconds(20), None));
        Assert.False(popping.IsCompleted);

        _log.HasRoom = true;
        _clock.Pass(Second);

        Assert.NotNull((await popping.WaitAsync(TimeSpan.FromSeconds(20), None)).Item);
    }

    private async Task FillAsync()
    {
        await Lamp.SetAsync(Requests.Set("1"), None);
        await Work.PushAsync(Requests.Push("one"), None);
        await Work.PushAsync(Requests.Push("two"), None);
    }
}
