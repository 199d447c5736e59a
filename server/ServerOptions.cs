using Signalbox.Hosting;

namespace Signalbox.Server;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class ServerOptions : SignalboxOptions
{
    public ServerOptions() => Data.Directory = "./data";

    /// <summary>How long a stop may take until what is left is cut off. Default 10 seconds.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(ValidateListening())) yield return problem;
        if (GracePeriod < TimeSpan.Zero) yield return "GracePeriod is negative; use for example 00:00:10.";
    }
}
