using System.Diagnostics.Metrics;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Writing;

namespace Signalbox.Engine.Embedded;

/// <summary>What the engine of one process counts.</summary>
/// <remarks>Its machines count under the gates that they are changed under; here it is only asked what they have.</remarks>
public sealed class EngineMetrics(IMeterFactory meters)
{
    public const string MeterName = "Signalbox.Engine.Embedded";

    private readonly Meter _meter = meters.Create(MeterName);

    internal void Watch(EmbeddedEngine engine, ILog log)
    {
        _meter.CreateObservableCounter(
            "signalbox.messages.published", () => engine.Published, "{message}", "Messages that channels took.");
        _meter.CreateObservableUpDownCounter(
            "signalbox.channels", () => engine.Channels.Count, "{channel}", "Channels with subscribers or something kept.");
        _meter.CreateObservableUpDownCounter("signalbox.keys", () => engine.KeyCount, "{key}", "Hash keys.");
        _meter.CreateObservableUpDownCounter(
            "signalbox.users", () => engine.Users.Count, "{user}", "Users of whom something is known.");
        _meter.CreateObservableUpDownCounter("signalbox.queues", () => engine.Queues.Count, "{queue}", "Queues.");
        _meter.CreateObservableUpDownCounter(
            "signalbox.queue.items", () => Items(engine), "{item}", "Items of all queues; who has leased one holds a lease.");
        if (log is DiskLog disk) Watch(disk);
    }

    private static IEnumerable<Measurement<long>> Items(EmbeddedEngine engine)
    {
        var counts = engine.CountItems();
        yield return Of("ready", counts.Ready);
        yield return Of("delayed", counts.Delayed);
        yield return Of("leased", counts.Leased);
        yield return Of("dead", counts.Dead);

        static Measurement<long> Of(string state, long count) => new(count, new KeyValuePair<string, object?>("state", state));
    }

    private void Watch(DiskLog log)
    {
        _meter.CreateObservableCounter(
            "signalbox.log.appended", () => log.AppendedBytes, "By", "Bytes of facts that were appended, checkpoints included.");
        _meter.CreateObservableUpDownCounter(
            "signalbox.log.waiting", () => log.WaitingBytes, "By", "Bytes that were appended and are not durable yet.");
        _meter.CreateObservableCounter(
            "signalbox.log.checkpoints", () => log.Checkpoints, "{checkpoint}", "Checkpoints that were completed.");
        _meter.CreateObservableGauge(
            "signalbox.log.has_room",
            () => log.HasRoom ? 1 : 0,
            description: "1 while changes are taken, 0 while they are refused.");
        var duration = _meter.CreateHistogram(
            "signalbox.log.flush.duration",
            "s",
            "How long it takes to write what has gathered and to have it durable.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
            });
        log.OnFlushed(took => duration.Record(took.TotalSeconds));
    }
}
