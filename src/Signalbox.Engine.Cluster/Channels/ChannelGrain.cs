using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;
using Signalbox.Core.Storage;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>One channel, and the nodes that listen to it: each gets a message once, however many subscribers it has.
/// </summary>
[Reentrant]
[RandomPlacement]
internal sealed class ChannelGrain : ListedGrain<ChannelFact>, IChannelGrain
{
    private static readonly HistoryRead EmptyHistory = new(new ChannelPosition("", 0), 1, [], IsComplete: true);
    private static readonly Task<int> Nobody = Task.FromResult(0);

    private readonly NodeDirectory _directory;
    private readonly NodeLines _lines;
    private readonly SiloAddress _home;
    private readonly Listeners _listeners = new();
    private ChannelOptions _options = ChannelOptions.Default;
    private Channel _machine = new(ChannelOptions.Default, ChannelLimits.Default);
    private Outbox _outbox = null!; // Set on activation, before any call.
    private NodeWatch? _watch;
    private bool _isWritten;
    private bool _isKept;

    public ChannelGrain(
        ClusterSettings settings,
        [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
        NodeDirectory directory,
        NodeLines lines,
        NameIndexes names,
        GrainCalls calls,
        ILocalSiloDetails silo)
        : base(settings, storage, names, calls, NameKind.Retained)
    {
        _directory = directory;
        _lines = lines;
        _home = silo.SiloAddress;
    }

    private bool IsNeeded => _listeners.Count > 0 || _machine.Members.Count > 0;

    private Durability Durability => ChannelWriting.DurabilityOf(_options);

    // Only channels with a value are listed: those with subscribers the nodes know.
    protected override bool Exists => _machine.Retained is not null;

    protected override DateTimeOffset? DueAt => null;

    protected override bool HasJournal => Durability is not Durability.None;

    protected override bool WaitsForJournal => Durability is Durability.Always;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _options = Settings.Rules.For(Name);
        _outbox = new Outbox(_lines, Name, Settings.MaxBacklog, WhenWrittenAsync);
        Begin();
        await base.OnActivateAsync(cancellationToken);
        _isWritten = _machine.Epoch.Length > 0 || _machine.Retained is not null;
        BeginNumbering();
        _watch = new NodeWatch(_directory, Settings, Lose);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watch?.End();
        // Who listens is forgotten here: they tell whoever comes after.
        var told = _listeners.Nodes.Union(_machine.Members.Select(member => member.Node));
        foreach (var node in told) _lines.AskToTellAgain(node, new Told(ToldKind.Channel, Name));
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async ValueTask<PublishAnswer> PublishAsync(
        CallTurn turn, PublishRequest request)
    {
        var decided = await DecideInOrderAsync(turn, () => DecideAsync(request));
        await WhenWrittenAsync();
        return await AnswerAsync(decided);
    }

    public async ValueTask<PublishAnswer[]> PublishAllAsync(CallTurn turn, PublishRequest[] requests)
    {
        var decided = await DecideInOrderAsync(turn, () => DecideAllAsync(requests));
        await WhenWrittenAsync();
        var answers = new PublishAnswer[requests.Length];
        for (var i = 0; i < answers.Length; i++) answers[i] = await AnswerAsync(decided[i]);
        return answers;
    }

    public async ValueTask ForgetAsync(CallTurn turn, string id)
    {
        await WhenDueAsync(turn);
        if (_machine.Forget(id) is { } forgotten) _ = Happen(forgotten, Now());
        Done(turn);
    }

    public ValueTask<AttachAnswer> AttachAsync(
        CallTurn turn, string node, Attachment? attachment, Member[] members) => InOrder(turn, () =>
    {
        var now = Now();
        if (attachment is { } listening) _listeners.Attach(listening);
        _watch?.Saw(node);
        foreach (var member in members)
        {
            _machine.Join(member, out var joined);
            if (joined is not null) _ = Happen(joined, now);
        }

        Keep();
        return WhenWritten(new AttachAnswer(_home, _machine.Position, _options.HistorySize > 0));
    });

    public async ValueTask DetachAsync(CallTurn turn, Attachment attachment)
    {
        await WhenDueAsync(turn);
        _listeners.Detach(attachment);
        Keep();
        Done(turn);
    }

    public ValueTask<EnterAnswer> EnterAsync(
        CallTurn turn, EnterRequest request) => InOrder<EnterAnswer>(turn, () =>
    {
        var now = Now();
        LookAfter(now);
        if (request.Member is { } member && _options.Presence)
        {
            var refusal = _machine.Join(member, out var joined);
            if (refusal != Refusal.None) return new(new EnterAnswer(refusal, default, 0, false, [], null));

            _watch?.Saw(member.Node);
            if (joined is not null) _ = Happen(joined, now);
            Keep();
        }

        var read = request.From is { } from ? _machine.Recover(InEpoch(from), Settings.MaxRecovered) : null;
        return WhenWritten(new EnterAnswer(
            Refusal.None,
            _machine.Position,
            read?.First ?? _machine.LastOffset + 1,
            read?.Recovered ?? false,
            read?.Messages ?? [],
            // Who recovered has seen it; whoever did not has to begin from something.
            read is { Recovered: true } ? null : _machine.Retained));
    });

    public async ValueTask LeaveAsync(CallTurn turn, string memberId)
    {
        await WhenDueAsync(turn);
        if (_machine.Leave(memberId) is { } left) _ = Happen(left, Now());
        Keep();
        Done(turn);
    }

    public ValueTask<HistoryRead> HistoryAsync(
        CallTurn turn, HistoryRequest request) => InOrder(turn, () =>
    {
        LookAfter(Now());
        // A channel that nobody has said anything to has no numbering yet that anybody could come back to.
        var isUntouched = _machine.IsIdle && _machine.LastOffset == 0 && _listeners.Count == 0;
        return WhenWritten(isUntouched ? EmptyHistory : _machine.Read(request.Since, request.Limit, request.Reverse));
    });

    public ValueTask<PresenceAnswer> PresenceAsync(CallTurn turn) =>
        InOrder(turn, () => WhenWritten(
            _options.Presence
                ? new PresenceAnswer(Refusal.None, [.. _machine.Members])
                : new PresenceAnswer(Refusal.PresenceOff, [])));

    public ValueTask<Message?> RetainedAsync() => WhenWritten(_machine.Retained);

    protected override void Begin() => _machine = new Channel(_options, Settings.Channel);

    protected override void Apply(ChannelFact fact) => _machine.Apply(fact);

    protected override IEnumerable<ChannelFact> Snapshot() => ChannelWriting.Told(_options, _machine);

    protected override bool CanForget(DateTimeOffset now) => _machine.IsIdle && !IsNeeded;

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Happen(due, now);
        WakeAt(_machine.NextWakeUp);
    }

    private static string NewEpoch() => Guid.NewGuid().ToString("N")[..12];

    private async ValueTask<PublishAnswer> AnswerAsync(Decided decided) =>
        new(decided.Refusal, decided.Offset, await decided.Handed, _options.HistorySize > 0);

    private async ValueTask<List<Decided>> DecideAllAsync(PublishRequest[] requests)
    {
        var decided = new List<Decided>(requests.Length);
        foreach (var request in requests) decided.Add(await DecideAsync(request));
        return decided;
    }

    private async ValueTask<Decided> DecideAsync(PublishRequest request)
    {
        // A value that is kept is listed before there is one.
        var isValue = (request.Retain || _options.Retain) && request.Payload.Length > 0;
        if (isValue && !IsCovered(until: null) && await CoverAsync(until: null) is var full and not Refusal.None)
        {
            return new Decided(full, 0, Nobody);
        }

        var now = Now();
        var refusal = _machine.Publish(
            request.Payload,
            request.Headers,
            request.Source,
            request.Sender,
            request.Retain,
            request.Id,
            now,
            out var fact,
            out var offset);
        var handed = fact is null ? Nobody : Happen(fact, now);
        WakeAt(_machine.NextWakeUp);
        LeaveIfGone();
        return new Decided(refusal, offset, handed);
    }

    private void BeginNumbering()
    {
        // What an activation before this one did not come to write is not known, but for where everything waits for it.
        if (ChannelWriting.KeepsEpoch(_options, _machine, wasClosed: false)) return;

        var renamed = new ChannelRestored(NewEpoch(), _machine.LastOffset, _machine.Retained);
        if (_isWritten && _options.Durability is not Durability.None) Write(renamed);
        Apply(renamed);
    }

    /// <summary>Writes what is to be written of it, applies it, and has the nodes told.</summary>
    /// <returns>How many connections are told, as soon as that is known.</returns>
    private Task<int> Happen(ChannelFact fact, DateTimeOffset now)
    {
        var left = fact is NodeLost lost && _options.JoinLeave ? _machine.MembersOf(lost.Node) : [];
        var leaving = fact is MemberLeft { Id: var id } && _options.JoinLeave ? _machine.MemberOf(id) : null;

        if (ChannelWriting.Written(fact, _options, _machine, _isWritten) is { } written)
        {
            if (!_isWritten && _options.Durability is not Durability.None) Write(new ChannelOpened(_machine.Epoch));
            Write(written);
            _isWritten = true;
        }

        Apply(fact);
        switch (fact)
        {
            case MessagePublished published:
                return Send(new MessageDelivery(Name, _machine.Epoch, published.Message));

            case MemberJoined joined when _options.JoinLeave:
                return Send(new PresenceDelivery(Name, joined.Member, Joined: true, now));

            case MemberLeft when leaving is not null:
                return Send(new PresenceDelivery(Name, leaving, Joined: false, now));

            case NodeLost:
                foreach (var member in left) Send(new PresenceDelivery(Name, member, Joined: false, now));
                break;
        }

        return Task.FromResult(0);
    }

    private Task<int> Send(Delivery delivery) => _outbox.SendAsync(delivery, _listeners.And(_directory.Matching(Name)));

    private void Lose(string node)
    {
        _listeners.Lose(node);
        _outbox.Lose(node);
        if (_machine.Lose(node) is { } lost) Happen(lost, Now());
        Keep();
    }

    /// <summary>Who listens and who is there is known here only: while anybody is, the grain stays.</summary>
    private void Keep()
    {
        if (IsNeeded == _isKept) return;

        _isKept = IsNeeded;
        DelayDeactivation(_isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
    }

    // Who names no epoch takes it on itself that the numbering is still the same.
    private ChannelPosition InEpoch(ChannelPosition seen) =>
        seen.Epoch.Length == 0 ? seen with { Epoch = _machine.Epoch } : seen;

    private readonly record struct Decided(Refusal Refusal, long Offset, Task<int> Handed);
}
