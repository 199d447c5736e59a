using Signalbox.Core.Channels;
using Signalbox.Core.Users;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>All that a node has told the grains of the cluster, which they forget with their silos: so that it can be
/// told again.</summary>
/// <remarks>Safe for many threads.</remarks>
internal sealed class Tellings
{
    private readonly Gate _gate = new(GateRank.Registrations);
    private readonly Dictionary<Told, Telling> _tellings = [];
    private readonly Dictionary<string, long> _filters = new(StringComparer.Ordinal);

    public void Attach(Told told, Attachment attachment) => Change(told, telling => telling.Attachment = attachment);

    public void Detach(Told told, Attachment attachment) => Change(told, telling =>
    {
        if (telling.Attachment == attachment) telling.Attachment = null;
    });

    public void Enter(string channel, Member member) =>
        Change(new Told(ToldKind.Channel, channel), telling => telling.Members[member.Id] = member);

    public void Leave(string channel, string memberId) =>
        Change(new Told(ToldKind.Channel, channel), telling => telling.Members.Remove(memberId));

    public void Open(string user, UserConnection connection) =>
        Change(new Told(ToldKind.User, user), telling => telling.Connections[connection.Id] = connection);

    public void Close(string user, string connectionId) =>
        Change(new Told(ToldKind.User, user), telling => telling.Connections.Remove(connectionId));

    /// <summary>The grain that was told is on this silo.</summary>
    public void FoundAt(Told told, SiloAddress home)
    {
        using (_gate.Enter())
        {
            if (_tellings.TryGetValue(told, out var telling)) (telling.Home, telling.IsOwed) = (home, false);
        }
    }

    /// <summary>The grain could not be told now.</summary>
    public void Owe(Told told)
    {
        using (_gate.Enter())
        {
            if (_tellings.TryGetValue(told, out var telling)) telling.IsOwed = true;
        }
    }

    /// <summary>No grain may know of us any more.</summary>
    public void OweAll()
    {
        using (_gate.Enter())
        {
            foreach (var telling in _tellings.Values) telling.IsOwed = true;
        }
    }

    /// <summary>Whom to tell now; whoever cannot be told is to be owed to again.</summary>
    public IReadOnlyList<Told> TakeOwed()
    {
        using (_gate.Enter())
        {
            var owed = _tellings.Where(one => one.Value.IsOwed).ToList();
            foreach (var (_, telling) in owed) telling.IsOwed = false;
            return [.. owed.Select(one => one.Key)];
        }
    }

    public void AddFilter(string filter, long ticket)
    {
        using (_gate.Enter()) _filters[filter] = ticket;
    }

    public void RemoveFilter(string filter, long ticket)
    {
        using (_gate.Enter())
        {
            if (_filters.GetValueOrDefault(filter) == ticket) _filters.Remove(filter);
        }
    }

    public NodeFilter[] Filters(string node)
    {
        using (_gate.Enter()) return [.. _filters.Select(filter => new NodeFilter(node, filter.Key, filter.Value))];
    }

    /// <summary>Whom to tell again where only these silos are left.</summary>
    public IReadOnlyList<Told> ToldElsewhere(IReadOnlySet<SiloAddress> silos)
    {
        using (_gate.Enter()) return [.. _tellings.Where(one => one.Value.Home is { } home && !silos.Contains(home)).Select(one => one.Key)];
    }

    /// <returns>What is to be told; null where there is nothing any more.</returns>
    public (Attachment? Attachment, Member[] Members, UserConnection[] Connections)? Find(Told told)
    {
        using (_gate.Enter())
        {
            if (!_tellings.TryGetValue(told, out var telling)) return null;
            return (telling.Attachment, [.. telling.Members.Values], [.. telling.Connections.Values]);
        }
    }

    private void Change(Told told, Action<Telling> change)
    {
        using (_gate.Enter())
        {
            if (!_tellings.TryGetValue(told, out var telling)) _tellings[told] = telling = new Telling();
            change(telling);
            if (telling.IsEmpty) _tellings.Remove(told);
        }
    }

    private sealed class Telling
    {
        public Attachment? Attachment { get; set; }

        public Dictionary<string, Member> Members { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, UserConnection> Connections { get; } = new(StringComparer.Ordinal);

        public SiloAddress? Home { get; set; }

        public bool IsOwed { get; set; }

        public bool IsEmpty => Attachment is null && Members.Count == 0 && Connections.Count == 0;
    }
}
