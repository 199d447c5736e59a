using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Signalbox.Gateways.Sessions;

/// <summary>Sees a session from its first command to its end, and ends it in good order.</summary>
public sealed partial class SessionRunner(SessionRegistry registry, ILogger<SessionRunner> logger)
{
    /// <param name="maxConnections">One more is told that there are too many, and closed.</param>
    internal async Task RunAsync(Session session, Line line, int maxConnections)
    {
        if (!registry.TryAdd(session, maxConnections))
        {
            session.EndFor(SessionEnd.TooMany);
            await SayLastWordAsync(session, line);
            return;
        }

        LogOpened(session.Id, session.Peer);
        await using var stopping = line.Stopping.UnsafeRegister(
            static state => ((Session)state!).EndFor(SessionEnd.Stopping), session);
        try
        {
            if (!await CommandPump.RunAsync(line.Input, session)) await SayLastWordAsync(session, line);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The peer went away without a word: as good an end as any.
        }
        finally
        {
            registry.Remove(session);
            LogClosed(session.Id, session.End?.Reason ?? "peer");
        }
    }

    /// <summary>Answers what is in hand, says why it is over, and closes; within bounded time, whatever the peer does.</summary>
    private static async Task SayLastWordAsync(Session session, Line line)
    {
        var clock = session.Host.Clock;
        var timeout = session.Host.Options.CloseTimeout;
        // Kestrel waits for the peer to take what is left: not longer than this.
        var abort = clock.CreateTimer(static state => ((Line)state!).Abort(), line, timeout, Timeout.InfiniteTimeSpan);
        line.Closed.UnsafeRegister(static state => ((ITimer)state!).Dispose(), abort);
        try
        {
            await session.Pending.WhenIdleAsync().WaitAsync(timeout, clock);
            await session.SayLastWordAsync().WaitAsync(timeout, clock);
            if (!session.PeerIsDone) await LingerAsync(session, line.Input, clock);
        }
        catch (TimeoutException)
        {
            line.Abort();
        }
    }

    /// <summary>Reads on for a moment: a connection that is closed with bytes unread takes its last words along.</summary>
    private static async Task LingerAsync(Session session, PipeReader input, TimeProvider clock)
    {
        using var quiet = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), clock);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, limit.Token);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(either.Token);
                var rest = read.Buffer;
                session.Discard(ref rest);
                input.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted || session.PeerIsDone) return;
                if (!read.IsCanceled) quiet.CancelAfter(TimeSpan.FromMilliseconds(100));
            }
        }
        catch (OperationCanceledException)
        {
            // It is quiet, or has talked long enough.
        }
    }

    [LoggerMessage(2001, LogLevel.Debug, "Connection {Id} from {Peer} is open")]
    private partial void LogOpened(string id, string peer);

    [LoggerMessage(2002, LogLevel.Debug, "Connection {Id} is closed: {Reason}")]
    private partial void LogClosed(string id, string reason);
}
