using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>All names of the cluster, of whose grains each index has a part.</summary>
internal sealed class NameIndexes(NamedGrains<INameIndexGrain> grains, ClusterSettings settings, GrainCalls calls)
{
    private const int IndexesAtOnce = 4;
    private const int NamesAtOnce = 16;
    private const int NamesOfPage = 256;

    public INameIndexGrain Of(NameKind kind, string name) =>
        IndexOf(kind, (int)(HashOf(name) % (uint)settings.IndexParts));

    public IEnumerable<INameIndexGrain> All(NameKind kind) =>
        Enumerable.Range(0, settings.IndexParts).Select(part => IndexOf(kind, part));

    public async ValueTask<long> CountAsync(NameKind kind, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(All(kind).Select(index =>
            calls.AskAsync(() => index.CountAsync(cancellationToken), cancellationToken).AsTask()));
        return counts.Sum(count => (long)count);
    }

    public async ValueTask<Page<string>> ListAsync(
        NameKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        // Names are spread evenly, so a share of each and some more is mostly enough.
        var share = request with { Limit = Math.Min(request.Limit, (2 * request.Limit / settings.IndexParts) + 8) };
        INameIndexGrain[] indexes = [.. All(kind)];
        var pages = await Task.WhenAll(indexes.Select(index => PageAsync(index, share)));
        while (true)
        {
            var merged = MergedPages.Of(request, pages);
            if (merged.Entries.Count == request.Limit || merged.Next is null) return merged;

            // What comes next hangs on whoever has given least.
            var least = Array.FindIndex(pages, page => page.Next == merged.Next);
            var more = await PageAsync(indexes[least], share with { After = merged.Next });
            pages[least] = new Page<string>([.. pages[least].Entries, .. more.Entries], more.Next);
        }

        Task<Page<string>> PageAsync(INameIndexGrain index, ListRequest part) =>
            calls.AskAsync(() => index.PageAsync(part, cancellationToken), cancellationToken).AsTask();
    }

    /// <summary>Clears what each of the names stands for, a bounded number at a time.</summary>
    /// <param name="clear">Clears one, and says how much there was.</param>
    public async ValueTask<ClearAnswer> ClearAsync(
        NameKind kind,
        string prefix,
        Func<string, CancellationToken, ValueTask<long>> clear,
        CancellationToken cancellationToken)
    {
        long count = 0;
        try
        {
            await Parallel.ForEachAsync(All(kind), Bounded(IndexesAtOnce), async (index, token) =>
            {
                for (var after = (string?)""; after is not null;)
                {
                    var request = new ListRequest(prefix, after, NamesOfPage);
                    var page = await calls.AskAsync(() => index.PageAsync(request, token), token);
                    await Parallel.ForEachAsync(page.Entries, Bounded(NamesAtOnce), async (name, token) =>
                        Interlocked.Add(ref count, await clear(name, token)));
                    after = page.Next;
                }
            });
        }
        catch (LogFailedException)
        {
            return new ClearAnswer(Refusal.StorageUnavailable, Interlocked.Read(ref count));
        }

        return new ClearAnswer(Refusal.None, count);

        ParallelOptions Bounded(int atOnce) =>
            new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
    }

    private INameIndexGrain IndexOf(NameKind kind, int part) => grains.Find(NameIndexGrain.KeyOf(kind, part));

    // FNV-1a, and what MurmurHash ends with, or names that differ in their last letter would be neighbours. Part of
    // what is stored: whoever looks for a name must look where it was put.
    private static uint HashOf(string name)
    {
        var hash = 2166136261;
        foreach (var unit in name) hash = (hash ^ unit) * 16777619;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
