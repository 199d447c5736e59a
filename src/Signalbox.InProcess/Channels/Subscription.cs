using System.Diagnostics;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Seat = Signalbox.Engine.Nodes.Subscription;

namespace Signalbox.InProcess;

/// <summary>
/// The messages of a channel or filter, each once and in order, for code in the process: read it with
/// <c>await foreach</c>, and dispose of it to leave.
/// </summary>
/// <remarks>
/// It is a subscriber of the node like any connection, and nobody waits for its reader: it holds a bounded number of
/// messages, and when that is full the policy for slow readers says what is given up. By default that is the
/// subscription: its reader gets what is held, and then a <see cref="SignalboxException"/> with code LimitExceeded. It
/// may subscribe again since the last message that it had.
/// </remarks>
public sealed class Subscription : IAsyncEnumerable<Message>, IAsyncDisposable
{
    private readonly InProcessSignalbox _signalbox;
    private readonly SubscribeOptions _options;
    private readonly Mailbox _mailbox;
    private Listener? _listener;
    private Seat? _seat;
    private int _isDisposed;

    internal Subscription(InProcessSignalbox signalbox, string channel, SubscribeOptions options)
    {
        _signalbox = signalbox;
        _options = options;
        _mailbox = new Mailbox(options.Capacity);
        Channel = channel;
    }

    /// <summary>The channel or filter; empty for broadcasts.</summary>
    public string Channel { get; }

    /// <summary>Where the channel stood when the subscription began; null for a filter, and for broadcasts.</summary>
    public ChannelPosition? Start { get; private set; }

    /// <summary>Whether a channel had a value when the subscription began.</summary>
    internal bool HadRetained { get; private set; }

    /// <summary>Yields until the subscription is disposed of, by whomever.</summary>
    public async IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await NextAsync(cancellationToken) is { } message) yield return message;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;

        _mailbox.Complete(null, clear: true);
        if (_seat is not null) await LeaveAsync(_seat);
        else if (_listener is not null) _signalbox.Node.StopListening(_listener);
    }

    /// <returns>Null at the end.</returns>
    internal async ValueTask<Message?> NextAsync(CancellationToken cancellationToken)
    {
        while (await _mailbox.TakeAsync(cancellationToken) is { } item)
        {
            if (item is Message message) return message;
            if (item is Gap gap) _options.OnGap?.Invoke(gap);
            else if (item is PresenceChange change) _options.OnPresence?.Invoke(change);
        }

        return null;
    }

    /// <summary>Takes its place: what it missed first, then what comes.</summary>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        var node = _signalbox.Node;
        _listener = new Listener(this, _signalbox.NewReaderId(), takesBroadcasts: false);
        _seat = await node.SubscribeAsync(_listener, Channel, cancellationToken);
        if (ChannelFilter.IsFilter(Channel))
        {
            _seat.GoLive(new ChannelPosition("", 0));
            return;
        }

        try
        {
            var answer = await _signalbox.Engine.Channel(Channel)
                .EnterAsync(new EnterRequest(_options.IsPresent ? Member() : null, _options.Since), cancellationToken).Apart();
            SignalboxException.ThrowIf(answer.Refusal);
            _mailbox.AddMissed(Missed(answer));
            Start = answer.Position;
            HadRetained = answer.Retained is not null;
            node.GoLive(_seat, answer);
        }
        catch
        {
            await LeaveAsync(_seat);
            throw;
        }
    }

    /// <summary>From here on it gets broadcasts, and nothing else.</summary>
    internal void Listen(string id)
    {
        _listener = new Listener(this, id, takesBroadcasts: true);
        _signalbox.Node.Listen(_listener);
    }

    private async ValueTask LeaveAsync(Seat seat)
    {
        var member = seat.Owner.Id;
        await _signalbox.Node.UnsubscribeAsync(seat, CancellationToken.None);
        if (ChannelFilter.IsFilter(Channel)) return;

        await _signalbox.Engine.Channel(Channel).LeaveAsync(member, CancellationToken.None);
    }

    private Member Member()
    {
        Debug.Assert(_listener is not null, "It is there before it enters.");
        var (id, peer) = (_listener.Id, _listener.Peer);
        return new Member(id, _signalbox.Node.Id, peer, _signalbox.Name, User: null, _signalbox.Clock.GetUtcNow());
    }

    private IEnumerable<object> Missed(EnterAnswer answer)
    {
        if (_options.Since is { } since && !answer.Recovered)
        {
            yield return new Gap(Channel, GapReason.HistoryGone, since, answer.Position);
        }

        var epoch = answer.Position.Epoch;
        if (answer.Retained is { } retained) yield return Message.Of(Channel, epoch, retained, isRetained: true);
        foreach (var missed in answer.Messages) yield return Message.Of(Channel, epoch, missed, isRetained: false);
    }

    /// <summary>What the node knows of the subscription. It is called under the node's locks, and never waits.</summary>
    private sealed class Listener(Subscription owner, string id, bool takesBroadcasts) : Subscriber(id, owner._signalbox.Name)
    {
        protected override bool TakesBroadcasts => takesBroadcasts;

        protected override void Deliver(DeliveryBatch batch, int first)
        {
            var policy = owner._options.SlowReader ?? batch.Options.SlowReader;
            foreach (var delivery in batch.Deliveries[first..])
            {
                if (ItemOf(delivery) is { } item && !owner._mailbox.TryAdd(item, policy)) FallBehind();
            }
        }

        protected override void FallBehind() => owner._mailbox.Complete(
            new SignalboxException(
                Protocol.Errors.ErrorCode.LimitExceeded,
                "It was read too slowly and too much was waiting: subscribe again since the last message."),
            clear: false);

        // Nobody's: what is said to users is not for it.
        protected override void Cut(CutDelivery cut)
        {
        }

        private static object? ItemOf(Delivery delivery) => delivery switch
        {
            MessageDelivery message => Message.Of(message.Channel, message.Epoch, message.Message, isRetained: false),
            BroadcastDelivery broadcast => Message.Of(broadcast),
            PresenceDelivery presence =>
                new PresenceChange(presence.Channel, presence.Member, presence.Joined, presence.Time),
            _ => null,
        };
    }
}
