using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Framing;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tcp;

/// <summary>The dispatcher's port: reads frames, has their commands done, and ends connections in good order.</summary>
public sealed partial class TcpConnectionHandler(
    SessionHost host, SessionRegistry registry, TcpOptions options, ILogger<TcpConnectionHandler> logger)
    : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var peer = PeerOf(connection.RemoteEndPoint);
        await using var session = new DispatcherSession(host, connection.ConnectionId, peer, connection.Transport);
        if (!registry.TryAdd(session, options.MaxConnections))
        {
            session.EndFor(SessionEnd.TooMany);
            await SayLastWordAsync(connection, session);
            return;
        }

        LogOpened(session.Id, peer);
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        await using var stopping = lifetime?.ConnectionClosedRequested.UnsafeRegister(
            static state => ((DispatcherSession)state!).EndFor(SessionEnd.Stopping), session)
            ?? default(CancellationTokenRegistration);
        try
        {
            if (!await ReadAsync(connection.Transport.Input, session)) await SayLastWordAsync(connection, session);
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or IOException)
        {
            // The peer went away without a word: as good an end as any.
        }
        finally
        {
            registry.Remove(session);
            LogClosed(session.Id, session.End?.Reason ?? "peer");
        }
    }

    /// <returns>True where the peer has closed; false where it is for us to close.</returns>
    private async Task<bool> ReadAsync(PipeReader input, DispatcherSession session)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var buffer = read.Buffer;
            var isInTurn = false;
            try
            {
                session.Heard();
                if (session.End is not null) return false;

                FrameStatus status;
                Turn.Begin();
                isInTurn = true;
                while ((status = FrameCodec.TryRead(ref buffer, options.MaxFrameBytes, out var body)) is FrameStatus.Complete)
                {
                    var handling = HandleAsync(session, body);

                    // Who does not read its replies is not read either: one read may hold thousands of commands.
                    if (!handling.IsCompletedSuccessfully || session.IsCrowded)
                    {
                        // What is awaited may come back on another thread: this one's turn is over.
                        Turn.End();
                        isInTurn = false;
                        await handling;
                        if (session.IsCrowded) await session.CatchUpAsync();
                        Turn.Begin();
                        isInTurn = true;
                    }

                    if (session.IsBroken || session.End is not null) return false;
                }

                if (status is not FrameStatus.NeedMoreData)
                {
                    session.EndFor(status is FrameStatus.TooLarge
                        ? SessionEnd.FrameTooLarge(options.MaxFrameBytes)
                        : SessionEnd.FrameTooShort);
                    return false;
                }

                if (read.IsCompleted) return true;
            }
            finally
            {
                session.Rest();
                if (isInTurn) Turn.End();
                // Whole frames are consumed; of the last piece all is looked at, so the next read waits for more.
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    private static ValueTask HandleAsync(DispatcherSession session, ReadOnlySequence<byte> body)
    {
        return body.IsSingleSegment ? session.HandleAsync(body.First) : CopyAndHandleAsync(session, body);

        static async ValueTask CopyAndHandleAsync(DispatcherSession session, ReadOnlySequence<byte> body)
        {
            var length = (int)body.Length;
            var copy = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                body.CopyTo(copy);
                await session.HandleAsync(copy.AsMemory(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }
    }

    /// <summary>Answers what is in hand, says why it is over, and closes; within bounded time, whatever the peer does.</summary>
    private static async Task SayLastWordAsync(ConnectionContext connection, DispatcherSession session)
    {
        var clock = session.Host.Clock;
        var timeout = session.Host.Options.CloseTimeout;
        // Kestrel waits for the peer to take what is left: not longer than this.
        var abort = clock.CreateTimer(
            static state => ((ConnectionContext)state!).Abort(), connection, timeout, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.UnsafeRegister(static state => ((ITimer)state!).Dispose(), abort);
        try
        {
            await session.Pending.WhenIdleAsync().WaitAsync(timeout, clock);
            if (session.End is { } end) session.Outbound.Urgent(Encode(end, SessionHost.Jitter()));
            await session.Outbound.EndAsync().WaitAsync(timeout, clock);
            await LingerAsync(connection.Transport.Input, clock);
        }
        catch (TimeoutException)
        {
            connection.Abort();
        }
    }

    /// <summary>Reads on for a moment: a connection that is closed with bytes unread takes its last words along.</summary>
    private static async Task LingerAsync(PipeReader input, TimeProvider clock)
    {
        using var quiet = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), clock);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, limit.Token);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(either.Token);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
                if (!read.IsCanceled) quiet.CancelAfter(TimeSpan.FromMilliseconds(100));
            }
        }
        catch (OperationCanceledException)
        {
            // It is quiet, or has talked long enough.
        }
    }

    private static ReadOnlyMemory<byte> Encode(SessionEnd end, TimeSpan retryAfter)
    {
        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var start = writer.BeginFrame();
        writer.BeginError(end.Code, end.Message, default);
        writer.Property("reason"u8);
        writer.Text(end.Reason);
        if (ErrorTable.Of(end.Code).Retry)
        {
            writer.Property("retryAfter"u8);
            writer.Number((long)retryAfter.TotalMilliseconds);
        }

        writer.EndObject();
        writer.EndFrame(start);
        return buffer.WrittenMemory;
    }

    private static string PeerOf(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => $"{mapped.Address.MapToIPv4()}:{mapped.Port}",
        IPEndPoint ip => ip.ToString(),
        _ => "unknown:0",
    };

    [LoggerMessage(2001, LogLevel.Debug, "Connection {Id} from {Peer} is open")]
    private partial void LogOpened(string id, string peer);

    [LoggerMessage(2002, LogLevel.Debug, "Connection {Id} is closed: {Reason}")]
    private partial void LogClosed(string id, string reason);
}
