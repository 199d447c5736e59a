namespace Signalbox.Core.Channels;

// What a log tells of a channel again.
public sealed partial class Channel
{
    /// <summary>
    /// The facts that make an equal machine of a new one, but for members and nodes: those are alive or gone.
    /// </summary>
    /// <remarks>Read it to the end before the next fact is applied.</remarks>
    public IEnumerable<ChannelFact> Snapshot()
    {
        if (Epoch.Length == 0) yield break;

        // The kept messages tell again what was retained, so only an older value is told beside them.
        yield return new ChannelRestored(Epoch, First - 1, Retained?.Offset < First ? Retained : null);

        var hasRetained = false;
        for (var i = 0; i < _history.Count; i++)
        {
            hasRetained |= _history[i].Retain;
            yield return new MessagePublished(_history[i], Id: null, RememberUntil: default);
        }

        if (hasRetained && Retained is null) yield return new RetainedCleared();
        foreach (var remembered in _ids?.InOrder ?? []) yield return remembered;
    }
}
