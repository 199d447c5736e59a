namespace Signalbox.Gateways.WebSockets;

/// <summary>WebSocket connections.</summary>
public sealed class WebSocketOptions
{
    /// <summary>The longest message that is read, in bytes, all its fragments together and not compressed. Default 1 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Compress messages for clients that offer it. Default true: it costs time for each message (not for each
    /// of its readers) and saves traffic.</summary>
    public bool Compress { get; set; } = true;

    /// <summary>The shortest message that is compressed, in bytes. Default 1024: shorter ones hardly shrink.</summary>
    public int CompressFrom { get; set; } = 1024;

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (MaxMessageBytes is < 64 or > 1 << 30) yield return $"WebSockets:MaxMessageBytes {MaxMessageBytes} is out of range; use 64 to {1 << 30}.";
        if (CompressFrom < 1) yield return $"WebSockets:CompressFrom {CompressFrom} is no length; use 1 or more, or turn WebSockets:Compress off.";
    }
}
