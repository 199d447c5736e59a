using Signalbox.Core.Names;

namespace Signalbox.Gateways.Security;

/// <summary>Rights as a token's claim and the settings alike say them: names and filters, by what they allow.</summary>
public sealed class RightsSettings
{
    public IList<string>? Publish { get; set; }

    public IList<string>? Subscribe { get; set; }

    /// <summary>Who is in a channel. Where it is not said: as <see cref="Subscribe"/>.</summary>
    public IList<string>? Presence { get; set; }

    public QueueRights? Queue { get; set; }

    public HashRights? Hash { get; set; }

    public UserRights? User { get; set; }

    /// <summary>Everything, on all names. Default false.</summary>
    public bool Admin { get; set; }

    /// <summary>What the server counts. Default false.</summary>
    public bool Metrics { get; set; }

    public LimitRights? Limits { get; set; }

    /// <returns>What is wrong, and what would be right; null where all is well.</returns>
    public string? TryBuild(out Rights rights)
    {
        rights = Rights.Nothing;
        var lists = new (Deed Deed, IEnumerable<string> Filters)[]
        {
            (Deed.Publish, Publish ?? []),
            (Deed.Subscribe, Subscribe ?? []),
            (Deed.Presence, Presence ?? Subscribe ?? []),
            (Deed.Push, Queue?.Push ?? []),
            (Deed.Pop, Queue?.Pop ?? []),
            // Who takes items away may look at them.
            (Deed.Peek, (Queue?.Peek ?? []).Concat(Queue?.Pop ?? [])),
            (Deed.DeleteQueue, Queue?.Delete ?? []),
            (Deed.ReadKey, Hash?.Read ?? []),
            (Deed.WriteKey, Hash?.Write ?? []),
            (Deed.SendToUser, User?.Send ?? []),
            (Deed.ReadUser, User?.Read ?? []),
        };
        foreach (var filter in lists.SelectMany(list => list.Filters))
        {
            if (filter is null || !ChannelFilter.IsValid(filter))
            {
                return $"'{filter}' is no name or filter; use for example chat/room, sensors/+/temp or news/#.";
            }
        }

        if (Limits is { Subscriptions: < 1 } or { CommandsPerSecond: < 1 } or { BytesPerSecond: < 1 })
        {
            return "Limits must be more than nothing; leave out what is not to be limited.";
        }

        var limits = Limits is null
            ? RightsLimits.None
            : new RightsLimits(Limits.Subscriptions, Limits.CommandsPerSecond, Limits.BytesPerSecond);
        rights = new Rights(Admin, Metrics, lists.ToDictionary(list => list.Deed, list => new FilterSet(list.Filters)), limits);
        return null;
    }

    public sealed class QueueRights
    {
        public IList<string>? Push { get; set; }

        public IList<string>? Pop { get; set; }

        public IList<string>? Peek { get; set; }

        public IList<string>? Delete { get; set; }
    }

    public sealed class HashRights
    {
        public IList<string>? Read { get; set; }

        public IList<string>? Write { get; set; }
    }

    public sealed class UserRights
    {
        public IList<string>? Send { get; set; }

        public IList<string>? Read { get; set; }
    }

    public sealed class LimitRights
    {
        public int? Subscriptions { get; set; }

        public int? CommandsPerSecond { get; set; }

        public int? BytesPerSecond { get; set; }
    }
}
