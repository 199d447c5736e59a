namespace Signalbox.Engine.Clusters;

/// <summary>What an engine is spread over. An engine of one process has none.</summary>
public interface ICluster
{
    /// <summary>What is wrong with this process' part in it, in a sentence, so that clients had better go elsewhere;
    /// null where nothing is.</summary>
    string? Trouble { get; }

    ValueTask<ClusterState> LookAsync(CancellationToken cancellationToken);
}
