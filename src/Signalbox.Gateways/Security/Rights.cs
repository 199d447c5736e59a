using Signalbox.Core.Names;

namespace Signalbox.Gateways.Security;

/// <summary>What somebody may do: to which names each deed, or everything.</summary>
/// <remarks>Compiled once, from a token or the settings, and shared by whoever came with it.</remarks>
public sealed class Rights
{
    public static readonly Rights Everything = new(isAdmin: true, seesMetrics: true, new Dictionary<Deed, FilterSet>(), RightsLimits.None);

    public static readonly Rights Nothing = new(isAdmin: false, seesMetrics: false, new Dictionary<Deed, FilterSet>(), RightsLimits.None);

    private readonly FilterSet[] _byDeed;

    public Rights(bool isAdmin, bool seesMetrics, IReadOnlyDictionary<Deed, FilterSet> byDeed, RightsLimits limits)
    {
        IsAdmin = isAdmin;
        SeesMetrics = isAdmin || seesMetrics;
        Limits = limits;
        _byDeed = [.. Enum.GetValues<Deed>().Select(deed => byDeed.GetValueOrDefault(deed, FilterSet.Nothing))];
        IsNothing = !SeesMetrics && _byDeed.All(set => set.IsEmpty);
    }

    /// <summary>Whether everything is allowed, what concerns all names or other people's connections included.</summary>
    public bool IsAdmin { get; }

    public bool IsNothing { get; }

    /// <summary>Whether what the server counts may be read.</summary>
    public bool SeesMetrics { get; }

    public RightsLimits Limits { get; }

    public bool Allow(Deed deed, string nameOrFilter) => IsAdmin || _byDeed[(int)deed].Covers(nameOrFilter);

    /// <summary>Whether these messages may be read. A channel that tells of a key's changes needs the right to the key.</summary>
    public bool AllowReading(string channelOrFilter) => AllowChannel(Deed.Subscribe, channelOrFilter);

    /// <summary>Whether it may be seen who reads these messages.</summary>
    public bool AllowPresence(string channel) => AllowChannel(Deed.Presence, channel);

    private bool AllowChannel(Deed deed, string name)
    {
        if (IsAdmin) return true;

        return name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal)
            ? _byDeed[(int)Deed.ReadKey].Covers(name[Name.KeyWatchPrefix.Length..])
            : _byDeed[(int)deed].Covers(name);
    }
}
