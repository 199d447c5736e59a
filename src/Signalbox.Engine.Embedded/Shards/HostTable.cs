using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>The machines of one kind in a shard, by name, and their way into the log.</summary>
/// <remarks>
/// Whoever reveals something of a machine waits for that machine's position and for no other's. That there is no machine
/// of a name reveals something too: it may have been, and the fact that it ended may not be durable yet. That is what
/// <see cref="Absence"/> covers, for all names that were forgotten. Guarded by the shard's gate.
/// </remarks>
internal sealed class HostTable<THost>(MachineKind kind, ILog log, Population population)
    where THost : Host
{
    private readonly Dictionary<string, THost> _byName = new(StringComparer.Ordinal);

    public int Count => _byName.Count;

    /// <summary>All hosts; while they are walked through they may be forgotten, and none may be added.</summary>
    public Dictionary<string, THost>.ValueCollection All => _byName.Values;

    /// <summary>The position that covers what it reveals that there is no machine of a name.</summary>
    public long Absence { get; private set; }

    /// <summary>The position that covers what any machine here would reveal, and any that is gone.</summary>
    public long Latest { get; private set; }

    public THost? Find(string name) => _byName.GetValueOrDefault(name);

    /// <returns>False where there are as many machines as allowed.</returns>
    public bool TryAdd(THost host)
    {
        if (!population.TryGrow()) return false;

        host.Position = Absence;
        _byName.Add(host.Name, host);
        return true;
    }

    /// <summary>Takes in a host that the log tells of, in the place of any that it told of before.</summary>
    public void Restore(THost host)
    {
        if (!_byName.ContainsKey(host.Name)) population.Grow();
        host.HasBegun = true;
        // Nobody needs it yet: if nothing in it is worth keeping, it does not have to be kept for a while first.
        host.EmptySinceTicks = 1;
        _byName[host.Name] = host;
    }

    /// <summary>Takes a host out, if it is still the one of its name: an older one may yet be in the timetable.</summary>
    /// <returns>Whether it was.</returns>
    public bool Forget(THost host)
    {
        if (!Has(host)) return false;

        _byName.Remove(host.Name);
        population.Shrink();
        Absence = Math.Max(Absence, host.Position);
        return true;
    }

    /// <summary>Whether the host is the one of its name, and not forgotten.</summary>
    public bool Has(THost host) => _byName.TryGetValue(host.Name, out var known) && known == host;

    /// <summary>Writes a fact down, as far as the settings want it.</summary>
    /// <param name="begins">Whether all that the log says of the machine so far does not count any more.</param>
    public void Append(THost host, object fact, Durability durability, bool begins = false)
    {
        if (durability is Durability.None) return;
        // A crash would pass for an end in order, and this would be lost unnoticed: the first of it is waited for.
        if (log.SaysClosed) durability = Durability.Always;

        var mark = begins || !host.HasBegun ? EntryMark.Begins : EntryMark.None;
        var position = log.Append(new LogEntry(kind, host.Name, fact, mark, durability));
        host.HasBegun = true;
        if (durability is not Durability.Always) return;

        host.Position = position;
        Latest = position;
    }

    /// <summary>Tells what a machine is made of, for a checkpoint. It reveals nothing, so nobody waits for it.</summary>
    /// <param name="begins">Whether these are the first facts that are told of it.</param>
    /// <returns>How many facts there were.</returns>
    public int Tell(THost host, IEnumerable<object> facts, Durability durability, bool begins)
    {
        var count = 0;
        foreach (var fact in facts)
        {
            var mark = begins && count == 0 ? EntryMark.Told | EntryMark.Begins : EntryMark.Told;
            log.Append(new LogEntry(kind, host.Name, fact, mark, durability));
            count++;
        }

        // Where there was nothing to tell, the log will know nothing of the machine: it has to begin anew.
        if (begins) host.HasBegun = count > 0;
        return count;
    }
}
