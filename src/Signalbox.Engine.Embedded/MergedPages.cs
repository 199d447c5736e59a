using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Embedded;

/// <summary>One page over the indexes of all shards.</summary>
internal static class MergedPages
{
    public static Page<string> Of(ListRequest request, IReadOnlyList<NameIndex> indexes)
    {
        // Each shard gives a whole page: whichever names come first overall are among them.
        var names = new List<string>();
        var hasMore = false;
        foreach (var index in indexes)
        {
            var page = index.Page(request);
            names.AddRange(page.Entries);
            hasMore |= page.Next is not null;
        }

        names.Sort(StringComparer.Ordinal);
        if (names.Count > request.Limit)
        {
            names.RemoveRange(request.Limit, names.Count - request.Limit);
            hasMore = true;
        }

        return new Page<string>(names, hasMore && names.Count > 0 ? names[^1] : null);
    }
}
