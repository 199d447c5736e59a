using Signalbox.Core.Mqtt;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>
/// A client's session, with or without a connection: a subscriber of the node for as long as the session lasts, so that
/// nothing passes by a client that is away.
/// </summary>
/// <remarks>The machine is under the gate. Nothing is waited for there, and nothing of ours that has a gate calls in.</remarks>
internal sealed partial class MqttClient : Subscriber, IDeadline
{
    private readonly Gate _gate = new(GateRank.MqttClient);
    private readonly MqttHost _host;
    private readonly MqttSession _session;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MqttConnection? _connection;
    private TimeSpan _expiry;

    /// <param name="session">Opened; maybe one that has been there before this process.</param>
    /// <param name="log">Where it is kept; null where it is not to outlive its connection.</param>
    public MqttClient(MqttHost host, MqttSession session, IMqttSession? log)
        : base($"mqtt-{session.Id}-{session.Name}", session.Peer)
    {
        _host = host;
        _session = session;
        _log = log;
        Key = (session.Owner, session.Name);
    }

    public (string? Owner, string Name) Key { get; }

    /// <summary>Null while the client is away.</summary>
    public MqttConnection? Connection => _connection;

    public bool IsOver
    {
        get
        {
            using (_gate.Enter()) return _session.HasEnded;
        }
    }

    private SessionHost Sessions => _host.Sessions;

    private DateTimeOffset Now => Sessions.Clock.GetUtcNow();

    /// <summary>Completes when the session has ended and everybody knows.</summary>
    public Task WhenGoneAsync() => _gone.Task;

    /// <summary>The client is here: from now on it gets what waits, and what comes.</summary>
    /// <param name="expiry">For how long the session outlives the connection.</param>
    /// <param name="accept">Says CONNACK: in the same moment in which the session is the connection's.</param>
    /// <returns>False where the session has ended meanwhile.</returns>
    public bool TryEnter(MqttConnection connection, int receiveMaximum, TimeSpan expiry, SessionWill? will, Action accept)
    {
        Leave(_connection, MqttEnd.TakenOver);
        using (_gate.Enter())
        {
            if (_session.HasEnded || _connection is not null) return false;

            accept();
            Keep(expiry);
            Do(_session.Connect(receiveMaximum, expiry, will), isWaitedFor: true);
            _connection = connection;
            _expiry = expiry;
            Replan();
            ReadAll();
            SendWaiting();
        }

        _host.Deadlines.Set(this, null);
        _host.Figures.Connected();
        return true;
    }

    /// <summary>The connection is over, or is to be; nothing happens where it is not the client's any more.</summary>
    /// <param name="end">Why it is to be; null where it is.</param>
    public void Leave(MqttConnection? connection, SessionEnd? end)
    {
        List<MqttMessage> given = [];
        using (_gate.Enter())
        {
            if (connection is null || _connection != connection) return;

            _connection = null;
            _plain = null;
            NoteRead();
            if (_session.Disconnect(_expiry, Now) is { } gone) Do(gone);
            GiveBack(given, includingSent: false);
        }

        _host.Figures.Disconnected();
        if (end is not null) connection.EndFor(end);
        _host.Background.Add(LeavePresenceAsync(connection));
        GiveOn(given);
        if (Look(Now) is { } next) _host.Deadlines.Set(this, next);
    }

    /// <summary>What the client says as it goes.</summary>
    /// <param name="expiry">Null where that stays as it was.</param>
    public void SayGoodbye(MqttConnection connection, bool keepsWill, TimeSpan? expiry)
    {
        using (_gate.Enter())
        {
            if (_connection != connection) return;

            _expiry = expiry ?? _expiry;
            if (!keepsWill && _session.WithdrawWill() is { } withdrawn) Do(withdrawn);
        }
    }

    public bool AsksForSession
    {
        get
        {
            using (_gate.Enter()) return _expiry > TimeSpan.Zero;
        }
    }

    /// <summary>Ends the session now; the client is away, or was told to go.</summary>
    public void End()
    {
        using (_gate.Enter())
        {
            if (_session.HasEnded || _session.IsConnected) return;
        }

        LookOn(DateTimeOffset.MaxValue);
    }

    /// <inheritdoc/>
    public DateTimeOffset? Look(DateTimeOffset now)
    {
        LookOn(now);
        using (_gate.Enter()) return _session.NextWakeUp is { } next && next < DateTimeOffset.MaxValue ? next : null;
    }

    protected override void Cut(CutDelivery cut)
    {
        // A connection is cut, and it is enlisted itself; what waits for the client waits on.
    }

    private void LookOn(DateTimeOffset now)
    {
        List<MqttMessage> given = [];
        var hasEnded = false;
        SessionWill? published = null;
        while (TakeDue(now, published, given, ref hasEnded) is { } will)
        {
            // Outside of the gate, and before the log has it that this is done: a crash in between repeats it, and loses
            // nothing. Two threads that come by here at once publish it under the same id.
            _host.Background.Add(PublishAsync(will.Will, will.Id));
            published = will.Will;
        }

        GiveOn(given);
        if (!hasEnded) return;

        _host.Clients.Remove(this);
        _host.Deadlines.Set(this, null);
        _host.Background.Add(LeaveAllAsync());
    }

    /// <summary>Does what is due, up to a will that has to be published first.</summary>
    /// <param name="published">The will that has been published; null for none.</param>
    private (SessionWill Will, string? Id)? TakeDue(
        DateTimeOffset now, SessionWill? published, List<MqttMessage> given, ref bool hasEnded)
    {
        using (_gate.Enter())
        {
            while (_session.NextDue(now) is { } due)
            {
                if (due is WillDone && _session.Will is { } will && will != published) return (will, WillId());
                if (due is SessionEnded) GiveBack(given, includingSent: true);
                Do(due, isWaitedFor: true);
                hasEnded |= due is SessionEnded;
            }

            return null;
        }
    }

    private Task PublishAsync(SessionWill will, string? id)
    {
        var request = new PublishRequest(will.Payload, will.Headers, Peer, Id, will.Retain, id);
        return new MqttAuthor(Sessions, will.Author, _session.Name).PublishAsync(will, request);
    }

    // Under the gate.
    private void GiveBack(List<MqttMessage> given, bool includingSent)
    {
        if (_session.GiveBack(includingSent) is not { } fact) return;

        given.AddRange(_session.SharedToGiveBack(includingSent));
        Do(fact);
    }

    private void GiveOn(List<MqttMessage> given)
    {
        foreach (var message in given)
        {
            var isGiven = _host.Shares.Find(message.Group!)?.TryGive(message.Channel, message.Message!, except: this); // They have one.
            // Nobody else is there: they wait for this one.
            if (isGiven is false) TryTakeShared(message.Group!, message.Channel, message.Message!, mustBeConnected: false);
        }
    }
}
