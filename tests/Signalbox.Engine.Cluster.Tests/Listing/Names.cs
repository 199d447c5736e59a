using System.Text;
using Orleans.TestingHost;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Listing;

/// <summary>Two silos of one's own, and short ways to say what is usual about keys, queues and their names.</summary>
internal sealed class Names(TwoSilos silos) : IAsyncDisposable
{
    public TwoSilos Silos => silos;

    public ClusterEngine Engine { get; private set; } = silos.Engines[0];

    public static async Task<Names> StartAsync(
        TestStorage? storage = null, ManualClock? clock = null, Func<ClusterSettings, ClusterSettings>? change = null)
    {
        var silos = new TwoSilos(storage ?? new(), clock ?? new(), change ?? (static settings => settings));
        await silos.InitializeAsync();
        return new Names(silos);
    }

    /// <summary>From now on everything is asked on the silo that does not have this grain.</summary>
    public InProcessSiloHandle StayAwayFrom(GrainId grain)
    {
        if (!silos.Cluster.TryGetGrainContext(grain, out var context)) throw new InvalidOperationException("It sleeps.");

        var at = silos.Cluster.Silos.Select(silo => silo.SiloAddress).ToList().IndexOf(context.Address.SiloAddress!); // It is somewhere.
        Engine = silos.Engines[1 - at];
        return silos.Cluster.Silos[at];
    }

    public GrainId KeyGrain(string key) => silos.Cluster.Client.GetGrain<IHashKeyGrain>(key).GetGrainId();

    public GrainId QueueGrain(string queue) => silos.Cluster.Client.GetGrain<IQueueGrain>(queue).GetGrainId();

    public GrainId ChannelGrain(string channel) => silos.Cluster.Client.GetGrain<IChannelGrain>(channel).GetGrainId();

    public IEnumerable<GrainId> Indexes =>
        from kind in Enum.GetValues<NameKind>()
        from part in Enumerable.Range(0, ClusterSettings.Default.IndexParts)
        select silos.Cluster.Client.GetGrain<INameIndexGrain>(NameIndexGrain.KeyOf(kind, part)).GetGrainId();

    public bool IsActive(GrainId grain) => silos.Cluster.TryGetGrainContext(grain, out _);

    public static bool IsIndex(GrainId grain) => grain.Type.ToString() == "nameindex";

    public async Task<SetAnswer> SetAsync(string key, TimeSpan? ttl = null, string? id = null) => await Engine.Hash(key)
        .SetAsync(new SetRequest(Value, null, ttl, SetCondition.Always, id), CancellationToken.None);

    public async Task<HashValue?> GetAsync(string key) => await Engine.Hash(key).GetAsync(CancellationToken.None);

    public async Task<bool> DeleteAsync(string key) =>
        (await Engine.Hash(key).DeleteAsync(SetCondition.Always, CancellationToken.None)).Existed;

    public static PushRequest Item(string? id = null) => new(Value, Headers.None, 0, TimeSpan.Zero, null, id);

    public async Task<PushAnswer> PushAsync(string queue, string? id = null) =>
        await Engine.Queue(queue, QueuePart.Live).PushAsync(Item(id), CancellationToken.None);

    public async Task<PublishAnswer> PublishAsync(string channel, string? id = null) => await Engine.Channel(channel)
        .PublishAsync(new PublishRequest(Value, Headers.None, "test", null, Retain: false, id), CancellationToken.None);

    public async Task<PopAnswer> PopAsync(string queue, TimeSpan wait) => await Engine.Queue(queue, QueuePart.Live)
        .PopAsync(new PopRequest(TimeSpan.FromMinutes(1), wait), CancellationToken.None);

    /// <summary>All keys that are listed, in pages of seven.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        for (var after = (string?)""; after is not null;)
        {
            var page = await Engine.ListKeysAsync(new ListRequest("", after, 7), CancellationToken.None);
            keys.AddRange(page.Entries);
            after = page.Next;
        }

        return keys;
    }

    public async Task<long> CountKeysAsync() => await Engine.CountKeysAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => silos.DisposeAsync();

    private static Payload Value => new(Encoding.UTF8.GetBytes("value"), PayloadKind.Text);
}
