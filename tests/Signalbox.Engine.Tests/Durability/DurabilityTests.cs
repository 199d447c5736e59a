using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>Nobody is told what is not durable, neither by a reply nor by a delivery.</summary>
public sealed class DurabilityTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly RecordingNode _node = new();
    private readonly EmbeddedEngine _engine;

    public DurabilityTests() => _engine = new EmbeddedEngine(_clock, _log, Requests.AlwaysDurable, EngineLimits.Default, EngineDurability.Default);

    private IChannel News => _engine.Channel("news");

    private IHashKey Lamp => _engine.Hash("lamp");

    private IQueue Work => _engine.Queue("work", QueuePart.Live);

    public ValueTask InitializeAsync() => _engine.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_publish_is_answered_and_delivered_after_its_flush()
    {
        var publishing = News.PublishAsync(Requests.Publish("hello"), None).AsTask();
        Assert.False(publishing.IsCompleted);
        Assert.Empty(_node.Posted);

        _log.Flush();

        Assert.Equal(1, (await publishing).Offset);
        Assert.Equal([1L], _node.Offsets);
    }

    [Fact]
    public async Task Messages_are_delivered_in_order_as_far_as_they_are_durable()
    {
        var publishing = new List<Task<PublishAnswer>>();
        for (var i = 1; i <= 5; i++) publishing.Add(News.PublishAsync(Requests.Publish($"message {i}"), None).AsTask());

        // The first fact opens the channel.
        _log.FlushTo(1 + 2);
        Assert.Equal([1L, 2L], _node.Offsets);
        Assert.Equal([1L, 2L], (await Task.WhenAll(publishing[..2])).Select(answer => answer.Offset));
        Assert.DoesNotContain(publishing[2..], task => task.IsCompleted);

        _log.Flush();
        Assert.Equal([1L, 2L, 3L, 4L, 5L], _node.Offsets);
        await Task.WhenAll(publishing);
    }

    [Fact]
    public async Task What_is_read_waits_for_what_it_reveals()
    {
        var reading = new List<Task>();
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();
        var getting = Lamp.GetAsync(None).AsTask();
        reading.Add(getting);
        reading.Add(News.PublishAsync(Requests.Publish("hello"), None).AsTask());
        reading.Add(News.HistoryAsync(new HistoryRequest(0, 10, Reverse: false), None).AsTask());
        reading.Add(News.EnterAsync(new EnterRequest(null, new ChannelPosition("", 0)), None).AsTask());
        reading.Add(Work.PushAsync(Requests.Push("letter"), None).AsTask());
        reading.Add(Work.PeekAsync(10, None).AsTask());
        reading.Add(Work.CountAsync(None).AsTask());
        reading.Add(Work.PopAsync(Requests.PopNow, None).AsTask());
        Assert.DoesNotContain(reading, task => task.IsCompleted);

        _log.Flush();

        await Task.WhenAll(reading);
        Assert.Equal((await setting).Version, (await getting)?.Version);
    }

    [Fact]
    public async Task A_waiting_popper_gets_its_item_after_the_flush()
    {
        var popping = Work.PopAsync(Requests.ReserveWhenever, None).AsTask();
        var pushing = Work.PushAsync(Requests.Push("letter"), None).AsTask();

        // The push and the taking are both in the log, and only the push is on disk.
        _log.FlushTo(_log.Facts.Count - 1);
        Assert.IsType<ItemTaken>(_log.Facts[^1]);
        Assert.False(popping.IsCompleted);

        _log.Flush();
        Assert.NotNull((await popping).Item);
        await pushing;
    }

    [Fact]
    public async Task A_wait_that_was_served_gives_its_item_to_its_caller_however_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var popping = Work.PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
        var pushing = Work.PushAsync(Requests.Push("letter"), None).AsTask();

        await cancellation.CancelAsync();
        _log.Flush();

        Assert.NotNull((await popping).Item);
        await pushing;
    }

    [Fact]
    public async Task A_late_cancellation_leaves_alone_who_waits_at_a_new_queue_of_the_same_name()
    {
        using var cancellation = new CancellationTokenSource();
        var served = Work.PopAsync(Requests.PopWhenever, cancellation.Token).AsTask();
        var pushing = Work.PushAsync(Requests.Push("letter"), None).AsTask();
        var clearing = Work.ClearAsync(None).AsTask();
        // Nothing is on disk yet, and the empty queue is forgotten meanwhile.
        _clock.Pass(TimeSpan.FromMinutes(1));
        var waiting = Work.PopAsync(Requests.PopWhenever, None).AsTask();

        await cancellation.CancelAsync();
        var second = Work.PushAsync(Requests.Push("second"), None).AsTask();
        _log.Flush();

        // Whoever was taken out of the line by mistake would wait for ever.
        var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(20), None);
        Assert.Equal(Requests.Text("second"), answer.Item?.Payload);
        await Task.WhenAll(served, pushing, clearing, second);
    }

    [Fact]
    public async Task What_never_becomes_durable_is_answered_with_the_failure_and_not_delivered()
    {
        var publishing = News.PublishAsync(Requests.Publish("hello"), None).AsTask();
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();

        _log.Fail(new IOException("The disk is gone."));

        await Assert.ThrowsAsync<IOException>(() => publishing);
        await Assert.ThrowsAsync<IOException>(() => setting);
        await Assert.ThrowsAsync<IOException>(() => Lamp.GetAsync(None).AsTask());
        Assert.Empty(_node.Posted);
    }

    [Fact]
    public async Task All_that_is_deleted_at_once_waits_for_the_flush()
    {
        var setting = Lamp.SetAsync(Requests.Set("on"), None).AsTask();
        _log.Flush();
        await setting;

        var deleting = _engine.DeleteAllKeysAsync(None).AsTask();
        Assert.False(deleting.IsCompleted);
        _log.Flush();

        Assert.Equal(new ClearAnswer(Refusal.None, 1), await deleting);
        Assert.IsType<KeyRemoved>(_log.Facts[^1]);
    }
}
