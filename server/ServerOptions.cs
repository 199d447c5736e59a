using Signalbox.Gateways.Hosting;

namespace Signalbox.Server;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class ServerOptions : GatewayOptions
{
    /// <summary>How long a stop may take until what is left is cut off. Default 10 seconds.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    public DataSettings Data { get; set; } = new();

    /// <summary>Options of channels; of several rules the first whose filter matches counts.</summary>
    public List<ChannelSettings> Channels { get; set; } = [];

    public LimitSettings Limits { get; set; } = new();

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(Data.Validate()).Concat(Limits.Validate())) yield return problem;
        if (GracePeriod < TimeSpan.Zero) yield return "GracePeriod is negative; use for example 00:00:10.";
        for (var i = 0; i < Channels.Count; i++)
        {
            if (Channels[i].Validate() is { } problem) yield return $"Channels:{i}: {problem}";
        }
    }
}
