namespace Signalbox.Client;

/// <summary>A channel or filter that the client is subscribed to, and who listens to it here.</summary>
internal sealed class Route(string name)
{
    public string Name => name;

    public bool IsFilter { get; } = ChannelFilter.IsFilter(name);

    public List<Listener> Listeners { get; } = [];

    /// <summary>The epoch that the present connection is in; null until it is known.</summary>
    public string? Epoch { get; set; }

    /// <summary>Up to here it is old messages for those who came in with a position, and none for filters'
    /// listeners.</summary>
    public long ReplayedUpTo { get; set; }

    /// <summary>Where the one who is furthest behind was; null where nobody knows.</summary>
    /// <remarks>The server begins there for all, and who is further on passes over what it has. Who was in another
    /// epoch has a gap in any case, so it is asked for only where there is nobody else. No epoch stands for the present
    /// one.</remarks>
    public ChannelPosition? Since
    {
        get
        {
            if (IsFilter) return null;

            ChannelPosition? furthest = null;
            foreach (var listener in Listeners)
            {
                if (listener.Position is not { } position) continue;
                if (furthest is null || Rank(position).CompareTo(Rank(furthest.Value)) < 0) furthest = position;
            }

            return furthest;
        }
    }

    private (int Epoch, long Offset) Rank(ChannelPosition position) =>
        (position.Epoch.Length == 0 || position.Epoch == Epoch ? 0 : 1, position.Offset);
}
