using System.Net;

namespace Signalbox.Gateways.Hosting;

/// <summary>Where one port listens, and what protects it.</summary>
public abstract class PortOptions
{
    private readonly string _section;

    private protected PortOptions(string section, int port)
    {
        _section = section;
        Port = port;
    }

    /// <summary>The address to listen on. Default 127.0.0.1: others on this machine only.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 turns it off.</summary>
    public int Port { get; set; }

    /// <summary>A PKCS#12 file (or PEM, with <see cref="CertificateKey"/>): connections are TLS then. Default none.</summary>
    public string? Certificate { get; set; }

    /// <summary>The file of the private key, where the certificate is PEM. Default none.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>The password of the certificate file. Default none.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>The name of the setting of its port.</summary>
    internal string Name => $"{_section}:Port";

    internal bool IsOn => Port > 0;

    /// <summary>Whether other machines reach it. A certificate changes nothing here: it encrypts, and asks no client who
    /// it is.</summary>
    private bool IsReachable => IsOn && !IPAddress.IsLoopback(IPAddress.Parse(Address));

    internal IPEndPoint EndPoint => new(IPAddress.Parse(Address), Port);

    /// <returns>What is wrong, and what would be right; null where all is well.</returns>
    public virtual string? Validate()
    {
        if (!IPAddress.TryParse(Address, out _)) return $"{_section}:Address '{Address}' is not an IP address; use for example 127.0.0.1 or ::1.";
        if (Port is < 0 or > 65_535) return $"{_section}:Port {Port} is not a port; use 1 to 65535, or 0 to turn it off.";
        if (Certificate is not null && !File.Exists(Certificate)) return $"{_section}:Certificate '{Certificate}' is not a file.";
        if (CertificateKey is not null && !File.Exists(CertificateKey)) return $"{_section}:CertificateKey '{CertificateKey}' is not a file.";
        return null;
    }

    /// <returns>What to do about a port that other machines reach, where no key authenticates them; null where none do.
    /// </returns>
    internal string? Warn()
    {
        if (!IsReachable) return null;

        const string onlyEncrypts = " (a certificate encrypts, it does not authenticate)";
        return $"{_section}:Address {Address} is open to other machines, and nothing there authenticates clients: "
            + $"set Security:Keys or Security:ApiKeys{(Certificate is null ? "" : onlyEncrypts)}, "
            + "keep to 127.0.0.1, or say --insecure if that is what you want.";
    }
}
