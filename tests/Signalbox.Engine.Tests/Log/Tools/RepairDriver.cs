using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>A server's engine on a log on a simulated disk, each operation in a frame of its own.</summary>
internal sealed class RepairDriver : IDisposable
{
    private static readonly LogOptions Options = new() { SegmentBytes = 512, CheckpointBytes = long.MaxValue };

    private static readonly EngineSetup Setup = new(
        new ChannelRules([], ChannelOptions.Default with { Durability = Core.Storage.Durability.Always }),
        EngineLimits.Default,
        EngineDurability.Default);

    private readonly DiskLog _log;

    public RepairDriver(SimulatedDisk disk)
    {
        Disk = disk;
        _log = new DiskLog(disk, Clock, Options);
        Engine = Setup.MakeEngine(Clock, _log);
        var end = _log.Read((long _, in LogEntry entry, bool isBeingTold) => Engine.Restore(entry, isBeingTold), null);
        Engine.Resume(end.WasClosed);
        while (_log.Pump())
        {
            // Whatever the start had to write.
        }
    }

    public static ManualClock Clock { get; } = new();

    public SimulatedDisk Disk { get; }

    public EmbeddedEngine Engine { get; }

    public static RepairReport? Repair(SimulatedDisk disk) => LogRepair.Run(disk, Clock, Options, Setup);

    public void Do<T>(ValueTask<T> operation)
    {
        Assert.True(_log.Pump());
        Assert.True(operation.IsCompletedSuccessfully);
    }

    public void Push(string queue, string text) =>
        Do(Engine.Queue(queue, QueuePart.Live).PushAsync(Requests.Push(text), default));

    public void Publish(string channel, string text) =>
        Do(Engine.Channel(channel).PublishAsync(Requests.Publish(text), default));

    public void Set(string key, string text) => Do(Engine.Hash(key).SetAsync(Requests.Set(text), default));

    public void TellAll()
    {
        var telling = new Telling(Engine);
        var checkpointer = new Checkpointer(_log, () => telling.Step);
        checkpointer.Begin();
        while (checkpointer.IsUnderWay)
        {
            checkpointer.Step(isBusy: true);
            _log.Pump();
        }
    }

    /// <summary>What is in it, as text: queues and channels with what they hold, in order.</summary>
    public async Task<string> ContentAsync()
    {
        var parts = new List<string>();
        foreach (var queue in new[] { "jobs", "mail" })
        {
            var items = await Engine.Queue(queue, QueuePart.Live).PeekAsync(100, default);
            parts.AddRange(items.Select(item => $"{queue}:{TextOf(item.Payload)}"));
        }

        foreach (var channel in new[] { "news", "talk" })
        {
            var read = await Engine.Channel(channel).HistoryAsync(new HistoryRequest(0, 100, Reverse: false), default);
            parts.AddRange(read.Messages.Select(message => $"{channel}:{message.Offset}:{TextOf(message.Payload)}"));
        }

        foreach (var key in new[] { "lamp", "door" })
        {
            if (await Engine.Hash(key).GetAsync(default) is { } value) parts.Add($"{key}:{TextOf(value.Value)}");
        }

        return string.Join(' ', parts);
    }

    public void Dispose()
    {
        Engine.Dispose();
        _log.Dispose();
    }

    private static string TextOf(Core.Payloads.Payload payload) =>
        System.Text.Encoding.UTF8.GetString(payload.Bytes.Span);
}
