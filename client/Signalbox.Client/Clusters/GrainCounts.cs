namespace Signalbox.Client;

/// <summary>How many of each kind a silo has in memory.</summary>
public readonly record struct GrainCounts(long Channels, long Users, long Keys, long Queues);
