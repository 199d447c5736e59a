using System.Diagnostics.Metrics;
using System.Text;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Gateways.Metrics;

/// <summary>All metrics of this process as Prometheus reads them: text, version 0.0.4.</summary>
/// <remarks>It listens to our own meters and to the runtime's (memory, collections, threads), as any exporter does. Other
/// meters are left to exporters that the host may add.</remarks>
internal sealed class MetricsText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Gate _gate = new(GateRank.MetricsText);
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;

    /// <param name="node">They are made before anybody looks.</param>
    public MetricsText(IMeterFactory meters, NodeMetrics node, GatewayMetrics gateways)
    {
        _ = (node, gateways);
        _meters = meters;
        _listener.InstrumentPublished = Listen;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        using (_gate.Enter())
        {
            foreach (var family in _families.Values) family.Begin();
            _listener.RecordObservableInstruments();

            var text = new StringBuilder();
            foreach (var family in _families.Values) family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags); // It came with the instrument.

    // Several hosts in one process, as in tests, have each their own.
    private bool IsOurs(Meter meter) =>
        meter.Name is "System.Runtime" or "Microsoft.Orleans"
        || (meter.Name.StartsWith("Signalbox.", StringComparison.Ordinal) && ReferenceEquals(meter.Scope, _meters));

    private void Listen(Instrument instrument, MeterListener listener)
    {
        if (!IsOurs(instrument.Meter)) return;

        var family = new MetricFamily(instrument);
        using (_gate.Enter()) _families[family.Name] = family;
        listener.EnableMeasurementEvents(instrument, family);
    }
}
