using Orleans.Streams;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>A process with subscribers, as a part of the cluster: says that it is there, gets its stream, and tells
/// again what grains have forgotten.</summary>
internal sealed class ClusterNode : INodeObserver, IAsyncObserver<DeliveryPack>, IAsyncDisposable
{
    private readonly INode _node;
    private readonly ClusterLinks _links;
    private readonly ClusterSettings _settings;
    private readonly NodeEntry _entry;
    private readonly IInboxGrain _inbox;
    private readonly CancellationTokenSource _over = new();
    private readonly Gate _gate = new(GateRank.ClusterNode);
    private HashSet<SiloAddress> _silos = [];
    private StreamSubscriptionHandle<DeliveryPack>? _stream;
    private Task _renewing = Task.CompletedTask;
    private bool _isRefused;
    private bool _isUnsure;
    private long _renewedAt = Environment.TickCount64;

    public ClusterNode(INode node, ClusterLinks links, ClusterSettings settings)
    {
        _node = node;
        _links = links;
        _settings = settings;
        _inbox = links.Grains.GetGrain<IInboxGrain>(node.Id);
        _entry = new NodeEntry(
            node.Id,
            links.Silo,
            links.Grains.CreateObjectReference<INodeObserver>(this),
            TakesDeliveries: true,
            Release.Version);
        Arrivals = new Arrivals(node, (channel, request) => links.Calls.AskAsync(
            () => links.ChannelGrain(channel).HistoryAsync(CallTurn.Any, request), _over.Token).AsTask());
    }

    public string Id => _node.Id;

    public Tellings Tellings { get; } = new();

    public Arrivals Arrivals { get; }

    /// <summary>For how long the cluster has not answered.</summary>
    public TimeSpan SilentFor => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _renewedAt));

    private INodesGrain Nodes => _links.Nodes;

    public async Task StartAsync()
    {
        await _links.CheckFormAsync(_over.Token);
        _links.Directory.AddLocal(_node);
        await _inbox.OpenAsync();
        _stream = await InboxStream.Of(_links.Streams, Id).SubscribeAsync(this);
        await Nodes.TellFiltersAsync(_entry, []);
        Take(await Nodes.ReadAsync());
        _renewing = RenewForeverAsync();
    }

    /// <summary>Leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        _over.Dispose();
        _links.Directory.RemoveLocal(_node);
        // The silos of now have never heard of it.
        if (_isRefused) return;

        try
        {
            await Nodes.RemoveAsync(Id);
            if (_stream is not null) await _stream.UnsubscribeAsync();
            await _inbox.CloseAsync();
        }
        // The cluster is gone already, or goes with us: it finds that out by itself.
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
        }
    }

    public Task OnNextAsync(DeliveryPack item, StreamSequenceToken? token)
    {
        Arrivals.Take(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public ValueTask<int> CountAudienceAsync(string channel) => new(_node.CountAudience(channel));

    public ValueTask<int> CountBroadcastAudienceAsync(string? except) => new(_node.CountBroadcastAudience(except));

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request) => new(_node.ListChannels(request));

    public ValueTask TellAsync(NodesNews news)
    {
        Take(news);
        return ValueTask.CompletedTask;
    }

    public ValueTask TellAgainAsync(Told told)
    {
        _ = TellAgainSafelyAsync(told);
        return ValueTask.CompletedTask;
    }

    private async Task RenewForeverAsync()
    {
        using var timer = new PeriodicTimer(_settings.NodeRenewal);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token)) await RenewAsync();
        }
        catch (OperationCanceledException)
        {
            // It stops.
        }
        catch (ClusterRefusedException reason)
        {
            _isRefused = true;
            _links.Refuse(reason);
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            await _links.WhenNotLeftBehindAsync();
            // Who did not answer may have been replaced meanwhile.
            if (_isUnsure) await _links.CheckFormAsync(_over.Token);
            _isUnsure = false;
            var wasOpen = await _inbox.OpenAsync();
            var news = await Nodes.RenewAsync(_entry);
            if (news is null) await Nodes.TellFiltersAsync(_entry, Tellings.Filters(Id));
            else Take(news);
            Volatile.Write(ref _renewedAt, Environment.TickCount64);
            // Nobody has known us for a while: what we told may be forgotten, and what was sent was not taken. Nor is it
            // known who answers: a call may have waited until others were there.
            _isUnsure = !wasOpen || news is null;
            if (_isUnsure) Tellings.OweAll();
            // Renewals do not wait for it: a grain may take longer than our lease.
            foreach (var told in Tellings.TakeOwed()) _ = TellAgainSafelyAsync(told);
        }
        // The next time will do, whatever it was: silos of another form would answer with anything.
        catch (Exception e) when (e is not ClusterRefusedException)
        {
            _isUnsure = true;
        }
    }

    private void Take(NodesNews news)
    {
        _links.Directory.Take(news);
        IReadOnlyList<Told> forgotten;
        using (_gate.Enter())
        {
            var silos = news.Silos.ToHashSet();
            if (silos.Count == 0 || silos.SetEquals(_silos)) return;

            _silos = silos;
            forgotten = Tellings.ToldElsewhere(silos);
        }

        foreach (var told in forgotten) _ = TellAgainSafelyAsync(told);
    }

    private async Task TellAgainSafelyAsync(Told told)
    {
        try
        {
            await _links.WhenNotLeftBehindAsync();
            await _links.Calls.AskAsync(() => new ValueTask<bool>(TellAgainNowAsync(told)), _over.Token);
        }
        // Its silo stays away, or it cannot read what it has stored, whatever storage throws: the next renewal comes back
        // to it.
        catch (Exception)
        {
            Tellings.Owe(told);
        }
    }

    private async Task<bool> TellAgainNowAsync(Told told)
    {
        if (Tellings.Find(told) is not { } known) return false;

        switch (told.Kind)
        {
            case ToldKind.Channel:
                var channel = _links.ChannelGrain(told.Name);
                var answer = await channel.AttachAsync(CallTurn.Any, Id, known.Attachment, known.Members);
                Tellings.FoundAt(told, answer.Home);
                if (known.Attachment is not null) Arrivals.CatchUp(told.Name, answer.Position);
                return true;

            case ToldKind.Key when known.Attachment is { } attachment:
                Tellings.FoundAt(told, await _links.KeyGrain(told.Name).AttachAsync(CallTurn.Any, attachment));
                return true;

            case ToldKind.User:
                var user = _links.UserGrain(told.Name);
                Tellings.FoundAt(told, await user.TellAsync(CallTurn.Any, known.Attachment, known.Connections));
                return true;

            default:
                return false;
        }
    }
}
