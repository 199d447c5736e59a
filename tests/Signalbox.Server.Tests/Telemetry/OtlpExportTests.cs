using Microsoft.AspNetCore.Server.Kestrel.Core;
using Signalbox.Client;
using Signalbox.TestKit;

namespace Signalbox.Server.Tests.Telemetry;

public sealed class OtlpExportTests
{
    [Theory]
    [InlineData("http/protobuf", HttpProtocols.Http1, "/v1/metrics", "/v1/traces")]
    [InlineData(
        "grpc",
        HttpProtocols.Http2,
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task A_collector_gets_metrics_and_spans_before_the_server_has_stopped(
        string protocol, HttpProtocols http, string metrics, string traces)
    {
        await using var collector = await Collector.StartAsync(http);

        await RunAsync(collector.Address, protocol);

        Assert.Contains("signalbox.commands", collector.ReceivedAt(metrics), StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", collector.ReceivedAt(metrics), StringComparison.Ordinal);
        Assert.Contains("publish", collector.ReceivedAt(traces), StringComparison.Ordinal);
        Assert.Contains("signalbox", collector.ReceivedAt(traces), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_holds_up_nobody()
    {
        await RunAsync($"http://127.0.0.1:{FreePorts.Next()}", "http/protobuf");
    }

    // Publishes once, and stops.
    private static async Task RunAsync(string collector, string protocol)
    {
        var options = new ServerOptions();
        options.Tcp.Port = FreePorts.Next();
        options.Http.Port = 0;
        options.Data.Ephemeral = true;
        options.Telemetry.Otlp = collector;
        options.Telemetry.Protocol = protocol;
        await using var app = ServerApp.Build(["--Logging:LogLevel:Default", "None"], options);
        await ServerApp.StartAsync(app);
        var server = new SignalboxClientOptions { Endpoints = { $"127.0.0.1:{options.Tcp.Port}" } };
        await using (var client = new SignalboxClient(server))
        {
            await client.PublishAsync("news", "hello", cancellationToken: TestContext.Current.CancellationToken);
        }

        await app.StopAsync();
    }
}
