using System.Collections.Concurrent;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Users;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>The channels of the whole cluster, the system's among them.</summary>
internal sealed class ClusterChannels(ClusterLinks links, LocalNodes nodes, ClusterKeys keys, NameIndexes names)
{
    private const int NamesOfPage = 256;
    private const int AskedAtOnce = 16;

    public IChannel Find(string name)
    {
        if (name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal))
        {
            var key = name[Name.KeyWatchPrefix.Length..];
            return new ClusterKeyWatch(links, nodes, keys.Find(key), key);
        }

        return name.StartsWith(Name.UserWatchPrefix, StringComparison.Ordinal)
            ? new ClusterUserWatch(links, nodes, name[Name.UserWatchPrefix.Length..])
            : new ClusterChannel(links, nodes, name);
    }

    /// <summary>The values of all channels whose names match: only those are asked that an index names.</summary>
    public async ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<RetainedEntry>();
        var asking = new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken };
        var wild = filter.AsSpan().IndexOfAny('+', '#');
        var prefix = wild < 0 ? filter : filter[..wild].TrimEnd('/');
        for (var after = (string?)""; after is not null;)
        {
            var request = new ListRequest(prefix, after, NamesOfPage);
            var page = await names.ListAsync(NameKind.Retained, request, cancellationToken);
            await Parallel.ForEachAsync(page.Entries.Where(name => ChannelFilter.Matches(filter, name)), asking, async (name, token) =>
            {
                var value = await links.Calls.AskAsync(() => links.ChannelGrain(name).RetainedAsync(), token);
                if (value is not null) found.Add(new RetainedEntry(name, value));
            });
            after = page.Next;
        }

        return new Page<RetainedEntry>([.. found], null);
    }
}
