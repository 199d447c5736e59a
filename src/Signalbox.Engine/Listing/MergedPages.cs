namespace Signalbox.Engine.Listing;

/// <summary>One page over indexes that have a part of the names each.</summary>
public static class MergedPages
{
    /// <summary>Merges the page that each index gave; they may be shorter than the one that is asked for.</summary>
    /// <returns>
    /// As many names as are certain, in order: where an index has more names than it gave, those of the others that come
    /// after its page have to wait.
    /// </returns>
    public static Page<string> Of(ListRequest request, IEnumerable<Page<string>> pages)
    {
        var names = new List<string>();
        string? certainUpTo = null;
        foreach (var page in pages)
        {
            names.AddRange(page.Entries);
            if (page.Next is null) continue;
            if (certainUpTo is null || string.CompareOrdinal(page.Next, certainUpTo) < 0) certainUpTo = page.Next;
        }

        names.Sort(StringComparer.Ordinal);
        if (certainUpTo is not null)
        {
            names.RemoveAll(name => string.CompareOrdinal(name, certainUpTo) > 0);
        }

        if (names.Count <= request.Limit) return new Page<string>(names, certainUpTo);

        names.RemoveRange(request.Limit, names.Count - request.Limit);
        return new Page<string>(names, names.Count > 0 ? names[^1] : null);
    }
}
