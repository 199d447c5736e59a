using System.Diagnostics;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Core.Storage;

namespace Signalbox.Core.Channels;

/// <summary>
/// Numbers messages, keeps the newest of them for subscribers that come back, and knows who is present.
/// </summary>
/// <remarks>
/// <para>Deciding and doing are apart: every method but <see cref="Apply"/> looks at the state and answers, and changes
/// nothing. The engine makes the fact durable and hands it to <see cref="Apply"/>, which alone changes the state, never
/// refuses and never looks at a clock.</para>
/// <para>The history loses messages in two ways: by count at once when a message is applied, by age when
/// <see cref="NextDue"/> says so. It never has a hole, so the offset of the oldest message kept tells all that is lost.
/// </para>
/// <para>Not thread-safe: an engine gives a channel one writer.</para>
/// </remarks>
public sealed partial class Channel(ChannelOptions options, ChannelLimits limits)
{
    private readonly MessageHistory _history = new();

    // Most channels have no ids and no members: these are there only while they hold something.
    private PublishIds? _ids;
    private Presence? _presence;

    /// <summary>The name of this numbering; empty until the channel is opened.</summary>
    public string Epoch { get; private set; } = "";

    public long LastOffset { get; private set; }

    public ChannelPosition Position => new(Epoch, LastOffset);

    /// <summary>The channel's value: the last message that was to be retained; null for none.</summary>
    public Message? Retained { get; private set; }

    /// <summary>All members, in no order. A view of the state: whoever keeps it copies.</summary>
    public IReadOnlyCollection<Member> Members => _presence?.Members ?? [];

    /// <summary>
    /// Whether nothing but the numbering would be lost with this machine. Subscribers are the engine's to count.
    /// </summary>
    public bool IsIdle => _history.Count == 0 && Retained is null && _ids is null && Members.Count == 0;

    /// <summary>
    /// The moment at which <see cref="NextDue"/> next has something to say; null when nothing ages here.
    /// </summary>
    public DateTimeOffset? NextWakeUp
    {
        get
        {
            var next = _presence?.NextLoss?.Until;
            if (_history.Count > 0) next = Earlier(next, ExpiryOf(_history.Oldest));
            if (IdsDueAt is { } due) next = Earlier(next, due);
            return next;
        }
    }

    // Ids are forgotten many at once.
    private DateTimeOffset? IdsDueAt =>
        _ids is null ? null : Later(_ids.NextEnd, Forgetting.DelayOf(limits.DedupeWindow));

    private long First => _history.Count > 0 ? _history.Oldest.Offset : LastOffset + 1;

    /// <returns>The fact, or null when the numbering has begun already.</returns>
    public ChannelOpened? Open(string epoch) => Epoch.Length == 0 ? new ChannelOpened(epoch) : null;

    /// <param name="id">An idempotency id, or null: a repeat within the window is answered with the first offset.</param>
    /// <param name="fact">What is to be applied; null for a refusal and for a repeat.</param>
    /// <param name="offset">The offset of the message; 0 for a refusal.</param>
    public Refusal Publish(
        Payload payload,
        Headers headers,
        string source,
        string? sender,
        bool retain,
        string? id,
        DateTimeOffset now,
        out MessagePublished? fact,
        out long offset)
    {
        Debug.Assert(Epoch.Length > 0, "A channel is opened before its first message.");
        fact = null;
        offset = 0;

        // Before all refusals: a repeat gets the first answer even if the channel would refuse the message by now.
        if (id is not null && _ids is not null && _ids.TryFind(id, now, out offset)) return Refusal.None;

        if (payload.Length > options.MaxPayloadBytes) return Refusal.PayloadTooLong;
        if (options.RefuseBlank && payload.IsBlank) return Refusal.PayloadBlank;
        if (options.RequireJson && payload.Kind != PayloadKind.Json) return Refusal.PayloadNotJson;
        if (id is not null && !HasRoomFor(id)) return Refusal.TooManyIds;

        offset = LastOffset + 1;
        var message = new Message(offset, now, payload, headers, source, sender, retain || options.Retain);
        fact = new MessagePublished(message, id, id is null ? default : Later(now, limits.DedupeWindow));
        return Refusal.None;
    }

    /// <summary>Nobody will repeat the publish with this id any more: it need not be remembered for its whole window.</summary>
    /// <returns>The fact, or null where no such id is remembered.</returns>
    public PublishIdForgotten? Forget(string id) => _ids?.Contains(id) is true ? new PublishIdForgotten(id) : null;

    /// <returns>The fact, or null when there is no retained value.</returns>
    public RetainedCleared? ClearRetained() => Retained is null ? null : new RetainedCleared();

    /// <param name="since">The offset next to the first one wanted. In reverse, 0 is for the newest.</param>
    public HistoryRead Read(long since, int limit, bool reverse)
    {
        var below = since > 0 ? _history.CountUpTo(since - 1) : _history.Count;
        var available = reverse ? below : _history.Count - _history.CountUpTo(since);
        var count = Math.Clamp(limit, 0, available);
        var messages = reverse
            ? _history.Copy(below - 1, -1, count)
            : _history.Copy(_history.Count - available, 1, count);
        return new HistoryRead(Position, First, messages, count == available);
    }

    /// <summary>Everything after this position, or the news that it is not to be had whole within the limit.</summary>
    public RecoveryRead Recover(ChannelPosition from, int limit)
    {
        var isKnown = Epoch.Length > 0 && from.Epoch == Epoch && from.Offset >= First - 1 && from.Offset <= LastOffset;
        if (!isKnown || LastOffset - from.Offset > limit)
        {
            return new RecoveryRead(Position, First, [], Recovered: false);
        }

        var start = _history.CountUpTo(from.Offset);
        var missed = _history.Copy(start, 1, _history.Count - start);
        return new RecoveryRead(Position, First, missed, Recovered: true);
    }

    /// <param name="fact">What is to be applied; null for a refusal, and where the member tells nothing new.</param>
    public Refusal Join(Member member, out MemberJoined? fact)
    {
        fact = null;
        if (!options.Presence) return Refusal.PresenceOff;

        if (_presence?.Find(member.Id) is { } known)
        {
            // Whoever says the same again has been here since the first time.
            var renewed = member with { Since = known.Since };
            fact = renewed == known ? null : new MemberJoined(renewed);
            return Refusal.None;
        }

        if (Members.Count >= limits.MaxMembers) return Refusal.TooManyMembers;

        fact = new MemberJoined(member);
        return Refusal.None;
    }

    /// <returns>The fact, or null when nobody of this id is present.</returns>
    public MemberLeft? Leave(string id) => _presence?.Find(id) is null ? null : new MemberLeft(id, LeaveReason.Left);

    public Member? MemberOf(string id) => _presence?.Find(id);

    /// <summary>
    /// The members that came through this node, by id: those that <see cref="NodeLost"/> would take away.
    /// </summary>
    public IReadOnlyList<Member> MembersOf(string node) => _presence?.MembersOf(node) ?? [];

    /// <remarks>A member whose node was never renewed does not expire: renew the node, then let it join.</remarks>
    public NodeRenewed Renew(string node, DateTimeOffset until)
    {
        // A renewal that was overtaken on its way must not shorten what the later one gave.
        var known = _presence?.UntilOf(node);
        return new NodeRenewed(node, known > until ? known.Value : until);
    }

    /// <returns>The fact, or null when nothing is known of this node.</returns>
    public NodeLost? Lose(string node) => _presence?.Knows(node) is true ? new NodeLost(node) : null;

    /// <summary>What the passing of time has brought about and nobody has applied yet, one fact a call.</summary>
    /// <returns>The fact, or null when nothing is due at <paramref name="now"/>.</returns>
    public ChannelFact? NextDue(DateTimeOffset now)
    {
        if (_presence?.NextLoss is { } loss && loss.Until <= now) return new NodeLost(loss.Node);

        var expired = 0;
        while (expired < _history.Count && ExpiryOf(_history[expired]) <= now) expired++;
        if (expired > 0) return new HistoryExpired(_history[expired - 1].Offset);

        return IdsDueAt <= now ? new PublishIdsForgotten(now) : null;
    }

    public void Apply(ChannelFact fact)
    {
        switch (fact)
        {
            case MessagePublished published:
                ApplyMessage(published);
                break;

            case ChannelOpened opened:
                Epoch = opened.Epoch;
                break;

            case ChannelRestored restored:
                Epoch = restored.Epoch;
                LastOffset = restored.LastOffset;
                Retained = restored.Retained;
                break;

            case PublishIdRemembered remembered:
                (_ids ??= new PublishIds()).Remember(remembered.Id, remembered.Offset, remembered.Until);
                break;

            case HistoryExpired expired:
                _history.RemoveUpTo(expired.UpTo);
                break;

            case RetainedCleared:
                Retained = null;
                break;

            case PublishIdsForgotten forgotten:
                _ids?.Forget(forgotten.Now);
                if (_ids?.Count == 0) _ids = null;
                break;

            case PublishIdForgotten forgotten:
                _ids?.Forget(forgotten.Id);
                if (_ids?.Count == 0) _ids = null;
                break;

            case MemberJoined joined:
                (_presence ??= new Presence()).Join(joined.Member);
                break;

            case NodeRenewed renewed:
                (_presence ??= new Presence()).Renew(renewed.Node, renewed.Until);
                break;

            case MemberLeft left:
                _presence?.Leave(left.Id);
                DropEmptyPresence();
                break;

            case NodeLost lost:
                _presence?.Lose(lost.Node);
                DropEmptyPresence();
                break;

            default:
                throw new UnreachableException($"A channel cannot apply {fact.GetType().Name}.");
        }
    }

    private void ApplyMessage(MessagePublished published)
    {
        var message = published.Message;
        Debug.Assert(message.Offset == LastOffset + 1, "Offsets rise by one.");
        LastOffset = message.Offset;
        _history.Append(message, options.HistorySize);

        // An empty value is how MQTT takes a retained value away.
        if (message.Retain) Retained = message.Payload.Length > 0 ? message : null;

        if (published.Id is { } id) (_ids ??= new PublishIds()).Remember(id, message.Offset, published.RememberUntil);
    }

    private void DropEmptyPresence()
    {
        if (_presence?.IsEmpty is true) _presence = null;
    }

    // An id whose window is over, and which has not been forgotten yet, has a place that it can take again.
    private bool HasRoomFor(string id) =>
        _ids is null ? limits.MaxIds > 0 : _ids.Count < limits.MaxIds || _ids.Contains(id);

    private DateTimeOffset ExpiryOf(Message message) => Later(message.Time, options.HistoryAge);

    // A span that stands for "always" must not run over the end of the calendar.
    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan span) =>
        span < DateTimeOffset.MaxValue - time ? time + span : DateTimeOffset.MaxValue;

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } moment && moment < other ? moment : other;
}
