using Signalbox.Gateways.Hosting;
using Signalbox.Hosting;
using Signalbox.Serving.Telemetry;

namespace Signalbox.Serving;

/// <summary>Everything that can be set of a process that is nothing but Signalbox, whatever engine is behind it.</summary>
public abstract class ServingOptions : SignalboxOptions
{
    /// <summary>How long a stop may take until what is left is cut off. Default 10 seconds.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>Files that may be wanted for connections to others.</summary>
    internal int OtherFiles => FilesOfEngine + (Hooks.IsOn ? Hooks.MaxInFlight + 1 : 0);

    /// <summary>Those of what is behind the gateways.</summary>
    protected virtual int FilesOfEngine => 0;

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(ValidateListening()).Concat(Telemetry.Validate())) yield return problem;
        foreach (var problem in LongestTimes.Validate(LongestTimes.Waiting, ("GracePeriod", GracePeriod))) yield return problem;
        if (GracePeriod < TimeSpan.Zero) yield return "GracePeriod is negative; use for example 00:00:10.";
    }
}
