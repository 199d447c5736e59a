namespace Signalbox.Engine.Embedded.Shards;

/// <summary>A machine in its shard: its name, and when the shard next has to look after it.</summary>
internal class Host<TMachine>(string name, TMachine machine) : IDue
    where TMachine : class
{
    public string Name { get; } = name;

    public TMachine Machine { get; } = machine;

    /// <summary>Since when there is nothing in the machine worth keeping; null while there is.</summary>
    public DateTimeOffset? EmptySince { get; set; }

    /// <summary>The earliest entry of this host in the shard's timetable.</summary>
    public long ScheduledTicks { get; set; } = long.MaxValue;
}
