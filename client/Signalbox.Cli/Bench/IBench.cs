namespace Signalbox.Cli.Bench;

/// <summary>A kind of load.</summary>
internal interface IBench
{
    /// <summary>Opens connections and sets up what is not to be measured.</summary>
    Task PrepareAsync();

    /// <summary>Works until it is told to stop, and ends what is under way then.</summary>
    Task WorkAsync(Meter meter, CancellationToken stopping);

    /// <summary>Leaves nothing behind on the server.</summary>
    Task CleanUpAsync();
}
