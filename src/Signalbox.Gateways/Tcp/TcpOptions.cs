using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Tcp;

/// <summary>The dispatcher's port.</summary>
public sealed class TcpOptions() : PortOptions("Tcp", 2491)
{
    /// <summary>The longest frame that is read, its length included, in bytes. Default 1 MiB.</summary>
    public int MaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>Connections at one time; one more is told so and closed. Default 100 000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    public override string? Validate()
    {
        if (base.Validate() is { } problem) return problem;
        if (MaxFrameBytes is < 64 or > 1 << 30) return $"Tcp:MaxFrameBytes {MaxFrameBytes} is out of range; use 64 to {1 << 30}.";
        if (MaxConnections < 1) return $"Tcp:MaxConnections {MaxConnections} lets nobody in; use 1 or more.";
        return null;
    }
}
