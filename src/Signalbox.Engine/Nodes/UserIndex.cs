using System.Runtime.InteropServices;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>The local connections of each user.</summary>
/// <remarks>An array is never changed, so whoever reads one needs no lock; most users have one connection or two.</remarks>
internal sealed class UserIndex
{
    private readonly Gate _gate = new(GateRank.UserIndex);
    private readonly Dictionary<string, Subscriber[]> _users = new(StringComparer.Ordinal);

    public void Add(string user, Subscriber subscriber)
    {
        using (_gate.Enter())
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out var exists);
            known = exists ? [.. known!, subscriber] : [subscriber]; // It exists.
        }
    }

    public void Remove(string user, Subscriber subscriber)
    {
        using (_gate.Enter())
        {
            if (!_users.TryGetValue(user, out var known)) return;

            Subscriber[] left = [.. known.Where(one => one != subscriber)];
            if (left.Length == 0) _users.Remove(user);
            else _users[user] = left;
        }
    }

    public Subscriber[] Of(string user)
    {
        using (_gate.Enter()) return _users.GetValueOrDefault(user) ?? [];
    }
}
