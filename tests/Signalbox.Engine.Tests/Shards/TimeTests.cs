using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Tests.Shards;

public sealed class TimeTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Time_never_runs_backwards_whatever_the_clock_does()
    {
        var clock = new SettableClock();
        using var engine = new EmbeddedEngine(clock, new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
        var news = engine.Channel("news");
        var work = engine.Queue("work", QueuePart.Live);
        await news.PublishAsync(Requests.Publish("before"), None);
        var before = (await engine.Hash("lamp").SetAsync(Requests.Set("on"), None)).Version;
        await work.PushAsync(Requests.Push("item"), None);

        clock.Now -= Hour;
        await news.PublishAsync(Requests.Publish("after"), None);
        var after = (await engine.Hash("lamp").SetAsync(Requests.Set("off"), None)).Version;
        var held = await work.PopAsync(new PopRequest(Hour, TimeSpan.Zero), None);

        var messages = (await news.HistoryAsync(new HistoryRequest(0, 10, Reverse: false), None)).Messages;
        Assert.Equal(2, messages.Count);
        Assert.True(messages[1].Time >= messages[0].Time);
        Assert.True(after > before);
        Assert.Equal(SettableClock.Start + Hour, held.Until);
    }

    /// <summary>A clock as somebody sets it who should not. Nothing falls due here.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
