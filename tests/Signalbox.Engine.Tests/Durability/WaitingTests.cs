using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>Whoever is told something waits for that and for nothing else.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly RecordingNode _node = new();
    private readonly EmbeddedEngine _engine;

    public WaitingTests() => _engine = new EmbeddedEngine(
        _clock, _log, ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);

    private IHashKey Lamp => _engine.Hash("lamp");

    public ValueTask InitializeAsync() => _engine.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_live_channel_does_not_wait_for_a_key_of_its_shard()
    {
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();

        var publishing = _engine.Channel(Neighbour).PublishAsync(Requests.Publish("hello"), None).AsTask();

        Assert.True(publishing.IsCompletedSuccessfully);
        Assert.Equal([1L], _node.Offsets);
        Assert.False(setting.IsCompleted);
        _log.Flush();
        await setting;
        await publishing;
    }

    [Fact]
    public async Task A_live_message_passes_what_is_held_back_of_another_channel()
    {
        var retained = Requests.Publish("value") with { Retain = true };
        var held = _engine.Channel("lamp").PublishAsync(retained, None).AsTask();

        await _engine.Channel(Neighbour).PublishAsync(Requests.Publish("hello"), None);

        Assert.Equal(Neighbour, Assert.IsType<Deliveries.MessageDelivery>(Assert.Single(_node.Posted)).Channel);
        _log.Flush();
        await held;
        Assert.Equal(2, _node.Posted.Count);
    }

    [Fact]
    public async Task A_value_that_is_on_disk_is_read_while_another_key_is_being_written()
    {
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();
        _log.Flush();
        await setting;
        var other = _engine.Hash(Neighbour).SetAsync(Requests.Set("off"), None).AsTask();

        Assert.True(Lamp.GetAsync(None).AsTask().IsCompletedSuccessfully);
        Assert.False(_engine.Hash(Neighbour).GetAsync(None).AsTask().IsCompleted);

        _log.Flush();
        await other;
    }

    [Fact]
    public async Task That_a_key_is_gone_is_told_when_its_end_is_on_disk()
    {
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();
        _log.Flush();
        await setting;
        var deleting = Lamp.DeleteAsync(SetCondition.Always, None).AsTask();
        // The machine is forgotten meanwhile, and nobody but its shard remembers that there was one.
        _clock.Pass(TimeSpan.FromMinutes(1));

        var getting = Lamp.GetAsync(None).AsTask();
        var again = Lamp.DeleteAsync(SetCondition.Always, None).AsTask();
        var refused = Lamp.SetAsync(Requests.Set("off") with { Condition = SetCondition.Present }, None).AsTask();
        Assert.DoesNotContain(new Task[] { deleting, getting, again, refused }, task => task.IsCompleted);

        _log.Flush();
        Assert.Null(await getting);
        Assert.Equal(Refusal.ConditionFailed, (await refused).Refusal);
        await deleting;
        await again;
    }

    [Fact]
    public async Task That_a_queue_is_empty_is_told_when_its_end_is_on_disk()
    {
        var work = _engine.Queue("lamp", QueuePart.Live);
        var pushing = work.PushAsync(Requests.Push("letter"), None).AsTask();
        var clearing = work.ClearAsync(None).AsTask();
        _clock.Pass(TimeSpan.FromMinutes(1));

        Task[] waiting =
        [
            work.CountAsync(None).AsTask(),
            work.PeekAsync(1, None).AsTask(),
            work.PopAsync(Requests.PopNow, None).AsTask(),
            work.AcknowledgeAsync(new Receipt(1, 1), None).AsTask(),
            work.ClearAsync(None).AsTask(),
            _engine.ListQueuesAsync(new ListRequest("", null, 10), None).AsTask(),
        ];
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        _log.Flush();
        await Task.WhenAll([pushing, clearing, .. waiting]);
    }

    [Fact]
    public async Task A_list_and_a_count_of_keys_wait_for_the_last_of_them()
    {
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();

        var listing = _engine.ListKeysAsync(new ListRequest("", null, 10), None).AsTask();
        var counting = _engine.CountKeysAsync(None).AsTask();
        Assert.False(listing.IsCompleted || counting.IsCompleted);

        _log.Flush();
        Assert.Equal(["lamp"], (await listing).Entries);
        Assert.Equal(1, await counting);
        await setting;
    }

    [Fact]
    public async Task What_is_spent_and_what_is_left_are_told_when_they_are_on_disk()
    {
        var limit = new RateLimit("chat", 5, TimeSpan.FromHours(1));
        var spending = _engine.User("ann").SpendAsync(limit, 2, None).AsTask();
        var asking = _engine.User("ann").QuotaAsync(limit, None).AsTask();
        Assert.False(spending.IsCompleted || asking.IsCompleted);

        _log.Flush();

        await spending;
        Assert.Equal(3, (await asking).Remaining);
    }

    [Fact]
    public async Task Nobody_waits_for_what_is_written_at_intervals()
    {
        using var engine = new EmbeddedEngine(
            _clock,
            _log,
            new ChannelRules([], ChannelOptions.Default with { Durability = Core.Storage.Durability.Interval }),
            EngineLimits.Default,
            new EngineDurability { Hash = Core.Storage.Durability.Interval, Queue = Core.Storage.Durability.Interval });

        await engine.Hash("lamp").SetAsync(Requests.Set("on"), None);
        await engine.Queue("work", QueuePart.Live).PushAsync(Requests.Push("letter"), None);
        await engine.Channel("news").PublishAsync(Requests.Publish("hello"), None);

        Assert.All(_log.Entries, entry => Assert.Equal(Core.Storage.Durability.Interval, entry.Durability));
        Assert.Equal(5, _log.Entries.Count);
    }

    /// <summary>Another name in the shard of the lamp.</summary>
    private string Neighbour => Enumerable.Range(0, int.MaxValue).Select(number => $"name {number}")
        .First(name => _engine.ShardOf(name) == _engine.ShardOf("lamp"));
}
