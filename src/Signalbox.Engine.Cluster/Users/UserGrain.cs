using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster.Users;

/// <summary>One user, wherever in the cluster its connections are.</summary>
[Reentrant]
[RandomPlacement]
internal sealed class UserGrain(
    ClusterSettings settings,
    [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
    NodeDirectory directory,
    NodeLines lines,
    ILocalSiloDetails silo)
    : MachineGrain<UserFact>(settings, storage), IUserGrain
{
    private readonly Listeners _watchers = new();
    private User _machine = new(settings.User);
    private Outbox _outbox = null!; // Set on activation, before any call.
    private NodeWatch? _watch;
    private long _lastVersion;
    private bool _isKept;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _outbox = new Outbox(lines, channel: null, Settings.MaxBacklog, WhenWrittenAsync);
        await base.OnActivateAsync(cancellationToken);
        _watch = new NodeWatch(directory, Settings, Lose);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watch?.End();
        // Who is here is forgotten here: they tell whoever comes after.
        foreach (var node in _watchers.Nodes.Union(Nodes)) lines.AskToTellAgain(node, new Told(ToldKind.User, Id));
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private IEnumerable<string> Nodes => _machine.Connections.Select(connection => connection.Node).Distinct();

    public ValueTask<OpenAnswer> OpenAsync(CallTurn turn, UserConnection connection) => InOrder(turn, () =>
    {
        var refusal = _machine.Open(connection, out var fact);
        if (fact is not null) Happen(fact);
        _watch?.Saw(connection.Node);
        return WhenWritten(new OpenAnswer(refusal, silo.SiloAddress));
    });

    public async ValueTask CloseAsync(CallTurn turn, string connectionId)
    {
        await WhenDueAsync(turn);
        if (_machine.Close(connectionId) is { } fact) Happen(fact);
        Done(turn);
    }

    public ValueTask<SiloAddress> TellAsync(
        CallTurn turn, Attachment? attachment, UserConnection[] connections) => InOrder(turn, () =>
    {
        if (attachment is { } watching) _watchers.Attach(watching);
        foreach (var connection in connections)
        {
            _machine.Open(connection, out var fact);
            if (fact is not null) Happen(fact);
            // A revocation that came while nobody knew of it.
            else if (connection.Token is { } token && _machine.Check(token) is not Refusal.None) Cut([connection.Node], token.Id);
            _watch?.Saw(connection.Node);
        }

        Keep();
        return WhenWritten(silo.SiloAddress);
    });

    public async ValueTask DetachAsync(CallTurn turn, Attachment attachment)
    {
        await WhenDueAsync(turn);
        _watchers.Detach(attachment);
        Keep();
        Done(turn);
    }

    public ValueTask<UserConnection[]> ConnectionsAsync(CallTurn turn) =>
        InOrder<UserConnection[]>(turn, () => new([.. _machine.Connections]));

    public ValueTask<Message> LookAsync(CallTurn turn) =>
        InOrder(turn, () => WhenWritten(PresenceNow(isRetained: true)));

    public ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount)
    {
        var refusal = _machine.Spend(limit, amount, Now(), out var fact, out var state);
        if (fact is not null) Happen(fact);
        return WhenWritten(new SpendAnswer(refusal, state));
    }

    public ValueTask<RateState> QuotaAsync(RateLimit limit) => WhenWritten(_machine.RateOf(limit, Now()));

    public ValueTask<Refusal> CheckAsync(TokenStamp token) => WhenWritten(_machine.Check(token));

    public ValueTask<int> SendAsync(CallTurn turn, DirectRequest request) => InOrder<int>(turn, () =>
    {
        if (!_machine.IsOnline) return new(0);

        _outbox.SendAsync(new DirectDelivery(Id, request.Payload, request.Headers, request.Source), [.. Nodes]);
        return new(_machine.Connections.Count);
    });

    public ValueTask<int> DisconnectAsync(CallTurn turn) => InOrder<int>(turn, () =>
    {
        _outbox.SendAsync(new CutDelivery(Id, null, CutReason.Disconnected), [.. Nodes]);
        return new(_machine.Connections.Count);
    });

    public ValueTask<RevokeAnswer> RevokeAsync(CallTurn turn, RevokeRequest request) => InOrder(turn, () =>
    {
        var refusal = _machine.Revoke(request.TokenId, Now(), request.Time, out var fact);
        if (fact is null) return WhenWritten(new RevokeAnswer(refusal, 0));

        Happen(fact);
        var cut = _machine.Connections.Count(one => request.TokenId is null || one.Token?.Id == request.TokenId);
        Cut([.. Nodes], request.TokenId);
        return WhenWritten(new RevokeAnswer(refusal, cut));
    });

    protected override void Begin() => _machine = new User(Settings.User);

    protected override void Apply(UserFact fact) => _machine.Apply(fact);

    protected override IEnumerable<UserFact> Snapshot() => UserWriting.Told(_machine);

    protected override bool CanForget(DateTimeOffset now) => _machine.IsEmpty;

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Happen(due);
        WakeAt(_machine.NextWakeUp);
    }

    private void Happen(UserFact fact)
    {
        if (UserWriting.IsWritten(_machine, fact)) Write(fact);
        var wasOnline = _machine.IsOnline;
        Apply(fact);
        WakeAt(_machine.NextWakeUp);
        Keep();
        if (_machine.IsOnline != wasOnline) TellWatchers();
    }

    private void TellWatchers()
    {
        var channel = Name.UserWatchPrefix + Id;
        var nodes = _watchers.And(directory.Matching(channel));
        if (nodes.Count == 0) return;

        _outbox.SendAsync(new MessageDelivery(channel, UserPresence.Epoch, PresenceNow(isRetained: false)), nodes);
    }

    private void Cut(IReadOnlyCollection<string> nodes, string? tokenId) =>
        _outbox.SendAsync(new CutDelivery(Id, tokenId, CutReason.Revoked), nodes);

    private Message PresenceNow(bool isRetained)
    {
        var now = Now();
        _lastVersion = Math.Max(_lastVersion + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return new Message(
            _lastVersion,
            now,
            UserPresence.Of(Id, _machine.OnlineSince),
            Headers.None,
            UserPresence.Source,
            null,
            isRetained);
    }

    private void Lose(string node)
    {
        _watchers.Lose(node);
        _outbox.Lose(node);
        if (_machine.Lose(node) is { } lost) Happen(lost);
        Keep();
    }

    /// <summary>Who is here is known here only: while anybody is, the grain stays.</summary>
    private void Keep()
    {
        var isNeeded = _watchers.Count > 0 || _machine.IsOnline;
        if (isNeeded == _isKept) return;

        _isKept = isNeeded;
        DelayDeactivation(isNeeded ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
    }
}
