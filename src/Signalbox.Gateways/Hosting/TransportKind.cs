namespace Signalbox.Gateways.Hosting;

/// <summary>What carries the bytes of every port.</summary>
public enum TransportKind
{
    /// <summary>Our own where it works, which is Linux; elsewhere Kestrel's.</summary>
    Auto,

    /// <summary>Kestrel's, everywhere.</summary>
    Sockets,
}
