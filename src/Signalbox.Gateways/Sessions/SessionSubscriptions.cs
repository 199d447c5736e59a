using Signalbox.Core.Names;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Sessions;

/// <summary>What a connection subscribes to, in the order in which it did.</summary>
/// <remarks>The reader's own, save the count. Most connections have one or two: a list is small and quick.</remarks>
internal sealed class SessionSubscriptions
{
    // Beyond this many a search by name is worth an index.
    private const int IndexFrom = 16;

    private readonly List<(string Name, Subscription Subscription, bool IsMember)> _all = [];
    private Dictionary<string, Subscription>? _index;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<string> Names => _all.Select(one => one.Name);

    public Subscription? Find(string name)
    {
        if (_index is not null) return _index.GetValueOrDefault(name);

        foreach (var one in _all)
        {
            if (one.Name == name) return one.Subscription;
        }

        return null;
    }

    /// <param name="isMember">Whether it is among those present there.</param>
    public void Add(string name, Subscription subscription, bool isMember)
    {
        _all.Add((name, subscription, isMember));
        _index?.Add(name, subscription);
        if (_index is null && _all.Count > IndexFrom) _index = _all.ToDictionary(one => one.Name, one => one.Subscription);
        Volatile.Write(ref _count, _all.Count);
    }

    /// <summary>Leaves one channel or filter; nothing happens where there is no such subscription.</summary>
    public async ValueTask LeaveAsync(Session session, string name)
    {
        if (Find(name) is not { } subscription) return;

        var place = _all.FindIndex(one => one.Name == name);
        var isMember = _all[place].IsMember;
        _all.RemoveAt(place);
        _index?.Remove(name);
        Volatile.Write(ref _count, _all.Count);
        await LeaveAsync(session, name, subscription, isMember);
    }

    public async ValueTask LeaveAllAsync(Session session)
    {
        foreach (var (name, subscription, isMember) in _all) await LeaveAsync(session, name, subscription, isMember);
        _all.Clear();
        _index = null;
        Volatile.Write(ref _count, 0);
    }

    private static async ValueTask LeaveAsync(Session session, string name, Subscription subscription, bool isMember)
    {
        if (!ChannelFilter.IsFilter(name))
        {
            if (isMember) session.Host.News.MemberLeft(session, name);
            await session.Host.Engine.Channel(name).LeaveAsync(session.Id, CancellationToken.None);
        }

        await session.Host.Node.UnsubscribeAsync(subscription, CancellationToken.None);
    }
}
