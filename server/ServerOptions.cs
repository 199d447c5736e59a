using System.Net;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tcp;

namespace Signalbox.Server;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class ServerOptions
{
    /// <summary>Listen beyond this machine without a key or certificate. Default false; also as <c>--insecure</c>.</summary>
    public bool Insecure { get; set; }

    /// <summary>How long a stop may take until what is left is cut off. Default 10 seconds.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    public TcpOptions Tcp { get; set; } = new();

    public SecurityOptions Security { get; set; } = new();

    public SessionOptions Session { get; set; } = new();

    /// <summary>Options of channels; of several rules the first whose filter matches counts.</summary>
    public List<ChannelSettings> Channels { get; set; } = [];

    public LimitSettings Limits { get; set; } = new();

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (Tcp.Validate() is { } tcp)
        {
            yield return tcp;
            yield break;
        }

        if (Tcp.Port > 0 && !Insecure && !Security.HasKeys && Tcp.Certificate is null && !IPAddress.IsLoopback(IPAddress.Parse(Tcp.Address)))
        {
            yield return $"Tcp:Address {Tcp.Address} is open to other machines, and nothing protects it: "
                + "set Security:Keys or Tcp:Certificate, keep to 127.0.0.1, or say --insecure if that is what you want.";
        }

        if (GracePeriod < TimeSpan.Zero) yield return "GracePeriod is negative; use for example 00:00:10.";
        foreach (var problem in Security.Validate().Concat(Session.Validate()).Concat(Limits.Validate())) yield return problem;
        for (var i = 0; i < Channels.Count; i++)
        {
            if (Channels[i].Validate() is { } problem) yield return $"Channels:{i}: {problem}";
        }
    }
}
