using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Signalbox.Serving.Telemetry;

/// <summary>Sends what is counted and traced to a collector, for as long as the server runs.</summary>
/// <remarks>What it says with <c>OTEL_…</c> variables the library reads by itself.</remarks>
internal sealed class OtlpExport(TelemetryOptions options) : IHostedService
{
    private const string ServiceName = "signalbox";

    // A collector that does not answer must not eat up the time that a stop may take.
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(2);

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter("Signalbox.*", "System.Runtime", "Microsoft.Orleans")
            .AddOtlpExporter(exporter => Aim(exporter, "v1/metrics"))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource("Signalbox")
            .AddOtlpExporter(exporter => Aim(exporter, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    // The library waits on its thread for the collector: not on ours, and for both at once.
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => End(_metrics, () => _metrics?.Shutdown((int)LastTry.TotalMilliseconds)), CancellationToken.None),
        Task.Run(() => End(_traces, () => _traces?.Shutdown((int)LastTry.TotalMilliseconds)), CancellationToken.None));

    private static void End(IDisposable? provider, Action shutDown)
    {
        shutDown();
        provider?.Dispose();
    }

    // What the environment says of the service comes after this, and wins.
    private static void Describe(ResourceBuilder resource) =>
        resource.Clear().AddService(ServiceName).AddTelemetrySdk().AddEnvironmentVariableDetector();

    private void Aim(OtlpExporterOptions exporter, string path)
    {
        exporter.Protocol = options.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        // By gRPC the path names the service that is called, which the library knows.
        exporter.Endpoint = new Uri(options.IsGrpc ? options.Otlp! : $"{options.Otlp!.TrimEnd('/')}/{path}"); // It is on.
    }
}
