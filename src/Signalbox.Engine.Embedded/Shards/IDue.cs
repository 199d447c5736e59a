namespace Signalbox.Engine.Embedded.Shards;

/// <summary>Something that a shard looks after when its time has come.</summary>
internal interface IDue
{
    long ScheduledTicks { get; set; }
}
