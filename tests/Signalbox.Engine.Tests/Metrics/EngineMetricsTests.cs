using System.Diagnostics.Metrics;
using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Metrics;

/// <summary>What an engine and its log count.</summary>
public sealed class EngineMetricsTests : IDisposable
{
    private readonly OwnMeters _meters = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_log_counts_what_is_appended_flushed_and_told()
    {
        using var log = new DiskLog(new SimulatedDisk(seed: 1), _clock, new LogOptions { SegmentBytes = 64 * 1024, CheckpointBytes = 64 * 1024 });
        using var engine = Setup().MakeEngine(_clock, log);
        log.Read((_, in _, _) => { }, onProgress: null);
        engine.Resume(wasClosed: true);
        var set = engine.Hash("key").SetAsync(Requests.Set("value"), CancellationToken.None);

        Assert.True(_meters.Read("signalbox.log.waiting") > 0);
        Assert.True(log.Pump());
        await set;
        var checkpointer = new Checkpointer(log, () => new Telling(engine).Step);
        checkpointer.Begin();
        while (checkpointer.IsUnderWay)
        {
            checkpointer.Step(isBusy: false);
            log.Pump();
        }

        Assert.Equal(0, _meters.Read("signalbox.log.waiting"));
        Assert.True(_meters.Read("signalbox.log.appended") > 0);
        Assert.Equal(1, _meters.Read("signalbox.log.checkpoints"));
        Assert.Equal(1, _meters.Read("signalbox.log.has_room"));
        Assert.Equal(2, _meters.Recorded("signalbox.log.flush.duration"));
    }

    [Fact]
    public async Task Items_are_counted_where_they_are_whatever_happens_to_them()
    {
        using var engine = new EngineSetup(Requests.AlwaysDurable, new EngineLimits { Queue = new QueueLimits { MaxAttempts = 1 } }, EngineDurability.Default)
        {
            Metrics = new EngineMetrics(_meters),
        }.MakeEngine(_clock, new MemoryLog());
        var queue = engine.Queue("jobs", QueuePart.Live);
        for (var i = 0; i < 5; i++) await queue.PushAsync(Requests.Push("x"), CancellationToken.None);
        var first = await queue.PopAsync(Requests.ReserveNow, CancellationToken.None);
        await queue.PopAsync(Requests.ReserveNow, CancellationToken.None);
        Assert.Equal((3, 2, 0), (Items("ready"), Items("leased"), Items("dead")));

        await queue.AcknowledgeAsync(first.Receipt, CancellationToken.None);
        _clock.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal((3, 0, 1), (Items("ready"), Items("leased"), Items("dead")));
        await engine.ClearAllQueuesAsync(CancellationToken.None);
        Assert.Equal((0, 0, 0), (Items("ready"), Items("leased"), Items("dead")));
    }

    public void Dispose() => _meters.Dispose();

    private long Items(string state) => _meters.Read("signalbox.queue.items", state);

    private EngineSetup Setup() => new(Requests.AlwaysDurable, EngineLimits.Default, EngineDurability.Default)
    {
        Metrics = new EngineMetrics(_meters),
    };

    /// <summary>Meters of this test alone, and what they say.</summary>
    private sealed class OwnMeters : IMeterFactory
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _values = [];
        private readonly Dictionary<string, int> _recorded = [];
        private Meter? _meter;

        public OwnMeters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == _meter) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
                _recorded[instrument.Name] = _recorded.GetValueOrDefault(instrument.Name) + 1);
            _listener.Start();
        }

        public Meter Create(MeterOptions options) => _meter = new Meter(options.Name);

        public long Read(string name, string state = "")
        {
            _listener.RecordObservableInstruments();
            return _values[name + state];
        }

        public int Recorded(string name) => _recorded[name];

        public void Dispose()
        {
            _listener.Dispose();
            _meter?.Dispose();
        }

        private void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _values[instrument.Name + (tags.IsEmpty ? "" : tags[0].Value)] = value;
    }
}
