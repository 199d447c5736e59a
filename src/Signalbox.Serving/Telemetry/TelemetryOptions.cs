namespace Signalbox.Serving.Telemetry;

/// <summary>Where metrics and traces are sent, if anywhere.</summary>
public sealed class TelemetryOptions
{
    private const string Http = "http/protobuf";
    private const string Grpc = "grpc";

    /// <summary>The address of a collector that speaks OTLP. Default none: nothing is sent.</summary>
    public string? Otlp { get; set; }

    /// <summary>What the collector speaks there: http/protobuf or grpc. Default http/protobuf.</summary>
    public string Protocol { get; set; } = Http;

    internal bool IsOn => !string.IsNullOrWhiteSpace(Otlp);

    internal bool IsGrpc => Protocol == Grpc;

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (IsOn && !(Uri.TryCreate(Otlp, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return "Telemetry:Otlp is no address of a collector; use for example http://127.0.0.1:4318.";
        }

        if (Protocol is not (Http or Grpc)) yield return $"Telemetry:Protocol must be {Http} or {Grpc}.";
    }
}
