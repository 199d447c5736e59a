using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Traffic;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>
/// The session of one request: it does commands as a connection's does, and keeps the replies, with what changes hands
/// with them, until they are taken for the response.
/// </summary>
/// <remarks>
/// Replies come in the order of the commands. A pop that waits holds up what comes behind it, because whoever does the
/// commands waits for it first. What nobody took, or was lost with the client, goes back to its place.
/// </remarks>
/// <param name="stopping">Cancelled when the server stops: nothing waits any longer then.</param>
internal sealed class RequestSession(SessionHost host, HttpContext context, CancellationToken stopping)
    : CommandSession(host, context.TraceIdentifier, PeerOf(context.Connection), Nowhere)
{
    // Nothing is ever written to it: replies take the other way.
    private static readonly PipeWriter Nowhere = PipeWriter.Create(Stream.Null);

    private readonly Gate _gate = new(GateRank.RequestSession);
    private readonly JsonBuffer _replies = new();
    private HandOvers? _handOvers;
    private RateReading? _nearest;
    private int _replyCount;
    private bool _isOver;

    public HttpContext Context => context;

    public override string Protocol => "http";

    public override bool RequiresSeq => false;

    public override bool IsRequest => true;

    public override string? TraceParent => TextOf(context.Request.Headers.TraceParent);

    public override string? TraceState => TextOf(context.Request.Headers.TraceState);

    /// <summary>How many replies have come, of all commands.</summary>
    public int ReplyCount => Volatile.Read(ref _replyCount);

    protected override WireFormat Format => throw new UnreachableException("A request has no subscriptions.");

    /// <summary>Does one command, whose reply may come later.</summary>
    public async ValueTask DoAsync(ReadOnlyMemory<byte> body)
    {
        ValueTask handling;
        Host.Metrics.BytesRead(ProtocolPlace, body.Length);
        Turn.Begin();
        try
        {
            handling = HandleAsync(body);
        }
        finally
        {
            Turn.End();
        }

        await handling;
        FlushReplies();
        foreach (var limit in Traffic.Read())
        {
            // What one connection may send in a second is of no interest to who sends one request by it.
            if (limit.Of != "connection") Spent(limit.Reading);
        }
    }

    /// <remarks>The limit that is nearest is what the response says, however many there are.</remarks>
    public override void Spent(RateReading reading)
    {
        if (_nearest is { } nearest && nearest.Share <= reading.Share) return;

        if (_nearest is null && !context.Response.HasStarted) context.Response.OnStarting(SayRate, this);
        _nearest = reading;
    }

    /// <summary>Waits until every command so far is answered, the client is gone, or the server stops.</summary>
    public async ValueTask SettleAsync()
    {
        Rest();
        await Pending.WhenIdleAsync();
        if (Background.Count == 0) return;

        await using var onGone = context.RequestAborted.UnsafeRegister(
            static session => ((RequestSession)session!).Abandon(), this);
        await using var onStop = stopping.UnsafeRegister(
            static session => ((RequestSession)session!).EndFor(SessionEnd.Stopping), this);
        await Background.WhenAllAsync();
    }

    /// <summary>Answers a command that was not done, or not to its end, because the server stops or the user may no
    /// longer.</summary>
    public void AnswerEnded()
    {
        var end = End ?? SessionEnd.Stopping;
        var buffer = new JsonBuffer();
        BeginFrame(buffer);
        new ReplyWriter(buffer).WriteError(end.Code, end.Message, default);
        Reply(buffer.WrittenSpan, null);
    }

    /// <summary>The replies that have come and were not taken yet, each with a comma before it. Good until they are
    /// dropped; nothing may be under way.</summary>
    public ReadOnlyMemory<byte> Replies => _replies.WrittenMemory;

    /// <summary>What changes hands with these replies; from now on it is the taker's to tell.</summary>
    public IHandOver? TakeHandOvers()
    {
        using (_gate.Enter())
        {
            var taken = _handOvers;
            _handOvers = null;
            return taken;
        }
    }

    public void DropReplies() => _replies.Clear();

    public override ValueTask DisposeAsync()
    {
        using (_gate.Enter()) _isOver = true;
        TakeHandOvers()?.Lost();
        return base.DisposeAsync();
    }

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body) =>
        throw new UnreachableException("A request is read before it has a session.");

    public override Task SayLastWordAsync() =>
        throw new UnreachableException("A request is answered, and that is its end.");

    protected override void OnEnding() => Abandon();

    // What is for all connections of its user is not for a request.
    protected override void Deliver(DeliveryBatch batch, int first)
    {
    }

    protected override int BeginFrame(JsonBuffer buffer)
    {
        // Replies come from several threads, and several of them together.
        Interlocked.Increment(ref _replyCount);
        buffer.Write((byte)',');
        return buffer.Length;
    }

    protected override void EndFrame(JsonBuffer buffer, int start)
    {
        // A frame is one object: that it ends shows.
    }

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery) =>
        throw new UnreachableException("A request has no subscriptions.");

    protected override void Reply(ReadOnlySpan<byte> replies, IHandOver? handOver)
    {
        Host.Metrics.BytesWritten(ProtocolPlace, replies.Length);
        using (_gate.Enter())
        {
            if (!_isOver)
            {
                _replies.Write(replies);
                if (handOver is not null) (_handOvers ??= new()).Add(handOver);
                return;
            }
        }

        handOver?.Lost();
    }

    private static Task SayRate(object state)
    {
        var session = (RequestSession)state;
        var (limit, remaining, _, reset) = session._nearest!.Value; // It is called only where there is one.
        var headers = session.Context.Response.Headers;
        headers["X-RateLimit-Limit"] = $"{limit}";
        headers["X-RateLimit-Remaining"] = $"{remaining}";
        headers["X-RateLimit-Reset"] = $"{(long)Math.Ceiling(reset.TotalSeconds)}";
        return Task.CompletedTask;
    }

    private static string? TextOf(StringValues header) => header.Count == 0 ? null : header.ToString();

    private static string PeerOf(ConnectionInfo connection) =>
        Peers.NameOf(connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null);
}
