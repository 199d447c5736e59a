using System.Net;

namespace Signalbox.Gateways.Tcp;

/// <summary>The dispatcher's port.</summary>
public sealed class TcpOptions
{
    /// <summary>The address to listen on. Default 127.0.0.1: others on this machine only.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 turns the dispatcher off. Default 2491.</summary>
    public int Port { get; set; } = 2491;

    /// <summary>A PKCS#12 file (or PEM, with <see cref="CertificateKey"/>): connections are TLS then. Default none.</summary>
    public string? Certificate { get; set; }

    /// <summary>The file of the private key, where the certificate is PEM. Default none.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>The password of the certificate file. Default none.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>The longest frame that is read, its length included, in bytes. Default 1 MiB.</summary>
    public int MaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>Connections at one time; one more is told so and closed. Default 100 000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <returns>What is wrong, and what would be right; null where all is well.</returns>
    public string? Validate()
    {
        if (!IPAddress.TryParse(Address, out _)) return $"Tcp:Address '{Address}' is not an IP address; use for example 127.0.0.1 or ::1.";
        if (Port is < 0 or > 65_535) return $"Tcp:Port {Port} is not a port; use 1 to 65535, or 0 to turn the dispatcher off.";
        if (MaxFrameBytes is < 64 or > 1 << 30) return $"Tcp:MaxFrameBytes {MaxFrameBytes} is out of range; use 64 to {1 << 30}.";
        if (MaxConnections < 1) return $"Tcp:MaxConnections {MaxConnections} lets nobody in; use 1 or more.";
        if (Certificate is not null && !File.Exists(Certificate)) return $"Tcp:Certificate '{Certificate}' is not a file.";
        if (CertificateKey is not null && !File.Exists(CertificateKey)) return $"Tcp:CertificateKey '{CertificateKey}' is not a file.";
        return null;
    }
}
