using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Shards;

/// <summary>There is room for one machine of each kind: a second finds room just when the first is forgotten.</summary>
public sealed class EvictionTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly EngineLimits RoomForOne = new()
    {
        MaxChannels = 1,
        MaxKeys = 1,
        MaxQueues = 1,
        Queue = new() { MaxWaiters = 1 },
        User = new() { MaxConnections = 1 },
    };

    private readonly ManualClock _clock = new();
    private readonly EmbeddedEngine _engine;

    public EvictionTests() => _engine = new EmbeddedEngine(
        _clock, new MemoryLog(), new ChannelRules([], new ChannelOptions { HistoryAge = 10 * Minute }), RoomForOne, EngineDurability.Default);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_channel_is_forgotten_when_its_history_is_too_old()
    {
        Assert.Equal(Refusal.None, await PublishAsync("one"));
        Assert.Equal(Refusal.TooManyChannels, await PublishAsync("other"));
        _clock.Pass(9 * Minute);
        Assert.Equal(Refusal.TooManyChannels, await PublishAsync("other"));

        _clock.Pass(2 * Minute);

        Assert.Equal(Refusal.None, await PublishAsync("other"));
        Assert.Equal(Refusal.TooManyChannels, await PublishAsync("one"));
    }

    [Fact]
    public async Task A_channel_is_kept_while_a_node_listens()
    {
        await _engine.Channel("one").AttachAsync(new Attachment("node", 1), None);
        _clock.Pass(60 * Minute);
        Assert.Equal(Refusal.TooManyChannels, await PublishAsync("other"));

        await _engine.Channel("one").DetachAsync(new Attachment("node", 1), None);
        _clock.Pass(Minute);

        Assert.Equal(Refusal.None, await PublishAsync("other"));
    }

    [Fact]
    public async Task A_late_detachment_does_not_undo_a_newer_attachment()
    {
        await _engine.Channel("one").AttachAsync(new Attachment("node", 1), None);
        await _engine.Channel("one").AttachAsync(new Attachment("node", 2), None);
        await _engine.Channel("one").DetachAsync(new Attachment("node", 1), None);

        _clock.Pass(60 * Minute);

        Assert.Equal(Refusal.TooManyChannels, await PublishAsync("other"));
    }

    [Fact]
    public async Task A_member_keeps_a_channel_until_it_leaves()
    {
        var member = new Member("connection", "node", "peer", null, null, _clock.GetUtcNow());
        await _engine.Channel("one").EnterAsync(new EnterRequest(member, null), None);
        _clock.Pass(60 * Minute);
        var refused = await _engine.Channel("other").EnterAsync(new EnterRequest(member, null), None);
        Assert.Equal(Refusal.TooManyChannels, refused.Refusal);

        await _engine.Channel("one").LeaveAsync("connection", None);
        _clock.Pass(Minute);

        Assert.Equal(Refusal.None, (await _engine.Channel("other").EnterAsync(new EnterRequest(member, null), None)).Refusal);
    }

    [Fact]
    public async Task A_key_is_forgotten_with_its_value()
    {
        Assert.Equal(Refusal.None, await SetAsync("one"));
        Assert.Equal(Refusal.TooManyKeys, await SetAsync("other"));
        Assert.Equal(
            Refusal.TooManyKeys, (await _engine.Hash("other").IncrementAsync(new IncrementRequest(1, null, null), None)).Refusal);

        await _engine.Hash("one").DeleteAsync(SetCondition.Always, None);
        _clock.Pass(Minute);

        Assert.Equal(Refusal.None, await SetAsync("other"));
        Assert.Null(await _engine.Hash("one").GetAsync(None));
    }

    [Fact]
    public async Task A_key_is_kept_while_an_id_is_remembered()
    {
        await _engine.Hash("one").SetAsync(Requests.Set("value", id: "id"), None);
        await _engine.Hash("one").DeleteAsync(SetCondition.Always, None);
        _clock.Pass(Minute);
        Assert.Equal(Refusal.TooManyKeys, await SetAsync("other"));

        _clock.Pass(HashLimits.Default.DedupeWindow);

        Assert.Equal(Refusal.None, await SetAsync("other"));
    }

    [Fact]
    public async Task A_refused_request_keeps_no_key()
    {
        var refused = await _engine.Hash("one").SetAsync(
            new SetRequest(Requests.Text("value"), null, null, SetCondition.Present, null), None);
        Assert.Equal(Refusal.ConditionFailed, refused.Refusal);

        _clock.Pass(Minute);

        Assert.Equal(Refusal.None, await SetAsync("other"));
    }

    [Fact]
    public async Task A_queue_is_forgotten_when_it_is_empty_and_nobody_waits()
    {
        Assert.Equal(Refusal.None, await PushAsync("one"));
        Assert.Equal(Refusal.TooManyQueues, await PushAsync("other"));
        var held = await _engine.Queue("one", QueuePart.Live).PopAsync(Requests.PopNow, None);
        await _engine.Queue("one", QueuePart.Live).AcknowledgeAsync(held.Receipt, None);
        using var cancellation = new CancellationTokenSource();
        var waiting = _engine.Queue("one", QueuePart.Live).PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
        _clock.Pass(60 * Minute);
        Assert.Equal(Refusal.TooManyQueues, await PushAsync("other"));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _clock.Pass(Minute);

        Assert.Equal(Refusal.None, await PushAsync("other"));
        Assert.Equal(Refusal.TooManyQueues, (await _engine.Queue("one", QueuePart.Live).PopAsync(Requests.PopWhenever, None)).Refusal);
    }

    [Fact]
    public async Task A_receipt_fits_no_item_of_a_later_queue_of_the_same_name()
    {
        await PushAsync("one");
        var old = await _engine.Queue("one", QueuePart.Live).PopAsync(Requests.PopNow, None);
        await _engine.Queue("one", QueuePart.Live).AcknowledgeAsync(old.Receipt, None);
        _clock.Pass(Minute);
        await PushAsync("one");
        var held = await _engine.Queue("one", QueuePart.Live).PopAsync(Requests.PopNow, None);

        Assert.NotEqual(old.Receipt, held.Receipt);
        Assert.Equal(Refusal.NoSuchItem, await _engine.Queue("one", QueuePart.Live).AcknowledgeAsync(old.Receipt, None));
    }

    [Fact]
    public async Task As_many_wait_and_are_connected_as_the_limits_allow()
    {
        using var cancellation = new CancellationTokenSource();
        var queue = _engine.Queue("one", QueuePart.Live);
        var waiting = queue.PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
        var user = _engine.User("ann");

        Assert.Equal(Refusal.TooManyWaiters, (await queue.PopAsync(Requests.PopWhenever, None)).Refusal);
        Assert.Equal(Refusal.None, await user.OpenAsync(ConnectionOf("1"), None));
        Assert.Equal(Refusal.TooManyConnections, await user.OpenAsync(ConnectionOf("2"), None));

        await cancellation.CancelAsync();
        await user.CloseAsync("1", None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(Refusal.None, await user.OpenAsync(ConnectionOf("2"), None));
    }

    private UserConnection ConnectionOf(string id) => new(id, "node", "peer", "tcp", null, _clock.GetUtcNow(), null);

    private async Task<Refusal> PublishAsync(string channel) =>
        (await _engine.Channel(channel).PublishAsync(Requests.Publish("hello"), None)).Refusal;

    private async Task<Refusal> SetAsync(string key) => (await _engine.Hash(key).SetAsync(Requests.Set("value"), None)).Refusal;

    private async Task<Refusal> PushAsync(string queue) =>
        (await _engine.Queue(queue, QueuePart.Live).PushAsync(Requests.Push("item"), None)).Refusal;
}
