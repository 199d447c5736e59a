using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>What a shard keeps of a machine beside the machine itself.</summary>
/// <remarks>There are millions of these, so moments are ticks. Guarded by the shard's gate.</remarks>
internal abstract class Host(string name) : IDue
{
    public string Name { get; } = name;

    /// <summary>The position that covers all that the machine would reveal; 0 where there is nothing to wait for.</summary>
    public long Position { get; set; }

    /// <summary>What an answer with this refusal waits for.</summary>
    /// <remarks>
    /// That there is no room is said at once: what was done before may wait for the same room, and be durable only then.
    /// </remarks>
    public long PositionFor(Refusal refusal) => refusal is Refusal.StorageUnavailable ? 0 : Position;

    /// <summary>Whether anything of the machine stands in the log: if not, its next entry begins it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Since when there is nothing in the machine worth keeping; 0 while there is.</summary>
    public long EmptySinceTicks { get; set; }

    /// <summary>The earliest entry of this host in the shard's timetable.</summary>
    public long ScheduledTicks { get; set; } = long.MaxValue;
}

/// <summary>A machine in its shard.</summary>
internal class Host<TMachine>(string name, TMachine machine) : Host(name)
    where TMachine : class
{
    public TMachine Machine { get; } = machine;
}
