namespace Signalbox.Engine.Clusters;

/// <summary>How many grains of each kind are in a silo's memory. What is stored besides is not counted.</summary>
public readonly record struct GrainCounts(long Channels, long Users, long Keys, long Queues);
