using System.Globalization;
using Signalbox.Cli.Output;

namespace Signalbox.Cli.Bench;

/// <summary>The figures of a bench. Those of the server are missing where its process was not found.</summary>
/// <param name="busy">Until the last unit was done, which is what the throughput is measured by.</param>
internal sealed class BenchReport(
    string name,
    TimeSpan elapsed,
    TimeSpan busy,
    Meter meter,
    (TimeSpan Cpu, long MemoryBytes)? before,
    (TimeSpan Cpu, long MemoryBytes)? after)
{
    private double PerSecond => busy > TimeSpan.Zero ? meter.Count / busy.TotalSeconds : 0;

    private TimeSpan? Cpu => after?.Cpu - before?.Cpu;

    // Of nothing done there is no cost of one.
    private double? CpuPerMillion => meter.Count == 0 ? null : Cpu?.TotalSeconds * 1e6 / meter.Count;

    public void Print(Printer printer)
    {
        if (printer.IsJson) printer.Json(Write);
        else PrintText(printer);
    }

    private void Write(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteString("bench", name);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteNumber("count", meter.Count);
        json.WriteNumber("perSecond", Math.Round(PerSecond, 1));
        json.WriteNumber("p50Ms", meter.Percentile(0.5).TotalMilliseconds);
        json.WriteNumber("p99Ms", meter.Percentile(0.99).TotalMilliseconds);
        json.WriteNumber("p999Ms", meter.Percentile(0.999).TotalMilliseconds);
        if (Cpu is { } cpu) json.WriteNumber("serverCpuSeconds", Math.Round(cpu.TotalSeconds, 3));
        if (CpuPerMillion is { } perMillion) json.WriteNumber("serverCpuSecondsPerMillion", Math.Round(perMillion, 3));
        if (after is { } end) json.WriteNumber("serverMemoryBytes", end.MemoryBytes);
    }

    private void PrintText(Printer printer)
    {
        void Row(string what, string figure) => printer.Text($"{what,-16}{figure}");

        Row(name, Say($"{meter.Count:N0} in {elapsed.TotalSeconds:0.00} s"));
        Row("throughput", Say($"{PerSecond:N0}/s"));
        Row("latency p50", Line.Of(meter.Percentile(0.5)));
        Row("latency p99", Line.Of(meter.Percentile(0.99)));
        Row("latency p99.9", Line.Of(meter.Percentile(0.999)));
        if (Cpu is { } cpu)
        {
            var share = CpuPerMillion is { } perMillion ? Say($", {perMillion:0.00} s per million") : "";
            Row("server CPU", Say($"{cpu.TotalSeconds:0.00} s") + share);
        }

        if (after is { } end) Row("server memory", Say($"{end.MemoryBytes / 1048576.0:0.0} MiB"));
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
