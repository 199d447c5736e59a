using System.Net;
using StackExchange.Redis;

namespace Signalbox.Silo;

/// <summary>Which cluster a silo is a part of, and how the silos find one another.</summary>
public sealed class ClusterOptions
{
    /// <summary>The Redis that has the cluster's data and the list of its silos, as <c>host:port</c> or with StackExchange.Redis'
    /// options. Default none: this silo is all there is, and keeps its data in memory.</summary>
    public string? Redis { get; set; }

    /// <summary>The name of the cluster: several can share one Redis. Default signalbox.</summary>
    public string Id { get; set; } = "signalbox";

    /// <summary>The address at which the other silos reach this one. Default 127.0.0.1.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for the other silos. Default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for services that are clients of the cluster; 0 for none. Default 30000.</summary>
    public int ClientPort { get; set; } = 30000;

    /// <summary>How often a silo looks whether another is alive. Default 1 second.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes that go unanswered before a silo is suspected. Default 3.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>Silos that must suspect another before it is declared dead; in a cluster of two one is enough. Default 2.
    /// </summary>
    public int Votes { get; set; } = 2;

    internal IPAddress IPAddress => IPAddress.Parse(Address);

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Id)) yield return "Cluster:Id is empty; use a name such as signalbox.";
        if (!IPAddress.TryParse(Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            yield return $"Cluster:Address '{Address}' is not an address that others could reach; use this machine's, such as 10.0.0.5.";
        }
        else if (Redis is null && !IPAddress.IsLoopback(address))
        {
            yield return "Cluster:Address is open to other machines, but without Cluster:Redis no other silo finds this one; set it, or use 127.0.0.1.";
        }

        if (SiloPort is < 1 or > 65535) yield return $"Cluster:SiloPort {SiloPort} is no port; use 1 to 65535.";
        if (ClientPort is < 0 or > 65535) yield return $"Cluster:ClientPort {ClientPort} is no port; use 1 to 65535, or 0 for none.";
        if (ProbeInterval < TimeSpan.FromMilliseconds(100) || ProbeInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"Cluster:ProbeInterval {ProbeInterval} is out of range; use 00:00:00.1 to 00:01:00.";
        }

        if (MissedProbes is < 1 or > 100) yield return $"Cluster:MissedProbes {MissedProbes} is out of range; use 1 to 100.";
        if (Votes is < 1 or > 100) yield return $"Cluster:Votes {Votes} is out of range; use 1 to 100.";
        if (Redis is not null && !IsRedis(Redis)) yield return "Cluster:Redis is not understood; use for example localhost:6379.";
    }

    // It may have a password in it, so it is not repeated.
    private static bool IsRedis(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
