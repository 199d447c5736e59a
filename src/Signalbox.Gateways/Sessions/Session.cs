using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Traffic;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sessions;

/// <summary>Writes the fields of a reply behind its head.</summary>
internal delegate void ReplyBody<T>(ReplyWriter reply, scoped ReplyHead head, T answer);

/// <summary>
/// One connection, whatever it speaks: who it is, what it is owed, how it ends.
/// </summary>
/// <remarks>
/// What it asks for comes from one reader, one after the other. Most completes at once, and the replies gather until the
/// reader has no more; what takes longer is answered from elsewhere, in the order of the questions all the same.
/// </remarks>
internal abstract partial class Session : Subscriber, IAsyncDisposable
{
    // Replies to many small commands go out with one write; a few large ones are that already.
    internal const int MaxGatheredBytes = 64 * 1024;

    private readonly CancellationTokenSource _closed = new();
    private SessionScratch? _scratch;
    private int _isEnded;
    private long _lastHeard;

    /// <param name="stamp">See <see cref="OutboundQueue.Stamp"/>.</param>
    protected Session(
        SessionHost host, string id, string peer, PipeWriter output, Func<PipeWriter, OutboundEntry, int>? stamp = null)
        : base(id, peer)
    {
        Host = host;
        _identity = host.Doors.Anonymous;
        Since = host.Clock.GetUtcNow();
        Traffic = new SessionTraffic(host, Address);
        // A constant of each class, so that it may be asked for here.
        ProtocolPlace = GatewayMetrics.PlaceOf(Protocol);
        Outbound = new OutboundQueue(output, host.Lanes.Next(), host.Options.MaxOutboundBytes, EncodeGap, FallBehind)
        {
            Stamp = stamp,
            Metrics = host.Metrics,
            Protocol = ProtocolPlace,
        };
        Pending = new PendingReplies(this);
        Heard();
    }

    public SessionHost Host { get; }

    /// <summary>Blocked pops and what else goes on beside the reading.</summary>
    public BackgroundWork Background { get; } = new();

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why we ended it; null while we did not.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Set by a command after which nothing more is read: the reply to it is the last word.</summary>
    public bool IsBroken { get; protected set; }

    /// <summary>Whether nothing more is read.</summary>
    public bool IsOver => IsBroken || End is not null;

    /// <summary>Whether the peer has said its own last word, and nothing more is to come from it.</summary>
    public virtual bool PeerIsDone => false;

    public TimeSpan Silence => Host.Clock.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>For how long it has wanted nothing.</summary>
    public virtual TimeSpan Idleness => Silence;

    /// <summary>Whether we ping it where it is silent, and so may expect to hear of it.</summary>
    public virtual bool IsPinged => false;

    /// <summary>Whether something may still come to it although it says nothing.</summary>
    public abstract bool IsWaiting { get; }

    /// <summary>How metrics know <see cref="Protocol"/>.</summary>
    internal int ProtocolPlace { get; }

    internal OutboundQueue Outbound { get; }

    internal PendingReplies Pending { get; }

    /// <summary>Whether it is one request and no connection: each command is answered, with <c>seq</c> or without, and
    /// nothing can be pushed to it.</summary>
    public virtual bool IsRequest => false;

    /// <summary>The trace that a request says it belongs to; null for none, and for a connection: there each message has
    /// its own.</summary>
    public virtual string? TraceParent => null;

    public virtual string? TraceState => null;

    /// <summary>Replies that gather until the reader has no more.</summary>
    protected JsonBuffer Gathered => Scratch.Replies;

    private protected SessionScratch Scratch => _scratch ??= SessionScratch.Rent();

    /// <summary>Takes what is at the front of the bytes that were read.</summary>
    /// <param name="body">Good until the next is taken, or the reader rests.</param>
    public abstract Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body);

    /// <summary>Passes over what comes when nothing more is done, and sees whether it was the peer's last word.</summary>
    public virtual void Discard(ref ReadOnlySequence<byte> buffer) => buffer = buffer.Slice(buffer.End);

    /// <summary>Says why it is over, where we have ended it; completes when that and all before it went to the transport.</summary>
    public abstract Task SayLastWordAsync();

    /// <summary>Asks whether the peer is there, where the protocol has a way to ask.</summary>
    public virtual void Ping()
    {
    }

    /// <summary>Called when the session has to end from our side: the reader stops and says our last word.</summary>
    protected abstract void OnEnding();

    /// <summary>Sends replies, with what changes hands with them. Several threads may call it.</summary>
    /// <param name="replies">Copied where they have to wait.</param>
    protected virtual void Reply(ReadOnlySpan<byte> replies, IHandOver? handOver) => Outbound.Reply(replies, handOver);

    /// <summary>Lets go of what its commands wait for.</summary>
    protected void Abandon() => _closed.Cancel();

    /// <summary>Does what was asked for.</summary>
    /// <param name="body">Good until the task completes.</param>
    public abstract ValueTask HandleAsync(ReadOnlyMemory<byte> body);

    /// <summary>Writes what is answered, where it is answered.</summary>
    internal abstract void Write<T>(SessionScratch scratch, scoped ReplyHead head, T answer, ReplyBody<T> body);

    /// <summary>Something was read from the peer.</summary>
    public void Heard() => Volatile.Write(ref _lastHeard, Host.Clock.GetTimestamp());

    /// <summary>Sends the replies that have gathered. The reader calls it when it has no more commands.</summary>
    public void FlushReplies()
    {
        if (_scratch is { Replies.Length: > 0 } scratch) Send(scratch);
    }

    /// <summary>Sends the replies that were written there, with what changes hands with them.</summary>
    internal void Send(SessionScratch scratch)
    {
        if (scratch.Replies.Length > 0) Reply(scratch.Replies.WrittenSpan, scratch.HandOvers);
        else scratch.HandOvers?.Written();
        scratch.Replies.Clear();
        scratch.HandOvers = null;
    }

    /// <summary>Whether so much is owed to the peer that the next command has to wait.</summary>
    public bool IsCrowded =>
        _scratch?.Replies.Length > MaxGatheredBytes || Outbound.IsBehind || (!Pending.IsIdle && Pending.Count > Host.Options.MaxPending);

    /// <summary>Sends what has gathered, and waits until the peer and the storage have caught up.</summary>
    public async ValueTask CatchUpAsync()
    {
        FlushReplies();
        if (Outbound.IsBehind) await Outbound.WaitForRoomAsync();
        if (Pending.Count > Host.Options.MaxPending) await Pending.WhenIdleAsync();
    }

    /// <summary>The reader waits for more from the peer: nothing is kept meanwhile.</summary>
    public virtual void Rest()
    {
        FlushReplies();
        _scratch?.Return();
        _scratch = null;
    }

    /// <summary>All that was read is done, and nothing more has come yet.</summary>
    public virtual void Waiting()
    {
    }

    /// <summary>Something was spent of a limit, and it stands so now: for protocols whose answers say that.</summary>
    public virtual void Spent(RateReading reading)
    {
    }

    /// <summary>Ends the connection for this reason; the first reason counts.</summary>
    public void EndFor(SessionEnd end)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0) return;

        End = end;
        Outbound.LetGo();
        OnEnding();
    }

    /// <summary>The connection is over: leaves every channel, lets go of what it held, waits for what it began.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        Rest();
        Outbound.Kill();
        await Admission.DismissAsync(this);
        Traffic.Leave();
        await LeaveAllAsync();
        await Pending.WhenIdleAsync();
        await Background.WhenAllAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
    }

    protected override void FallBehind() => EndFor(SessionEnd.SlowReader);

    /// <summary>Leaves what it subscribes to.</summary>
    protected abstract ValueTask LeaveAllAsync();

    /// <summary>How a slow reader is told what it was not given; empty where the protocol has no words for it.</summary>
    protected abstract ReadOnlyMemory<byte> EncodeGap(Gap gap);
}
