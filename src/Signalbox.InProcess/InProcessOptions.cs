namespace Signalbox.InProcess;

/// <summary>Who the code in this process is to the others.</summary>
public sealed record InProcessOptions
{
    /// <summary>What others see of it, in presence and as the source of messages. Default "app".</summary>
    public string Name { get; init; } = "app";

    /// <summary>How long a revocation is remembered: as long as a token may be valid. Default 30 days.</summary>
    public TimeSpan RevocationTime { get; init; } = TimeSpan.FromDays(30);
}
