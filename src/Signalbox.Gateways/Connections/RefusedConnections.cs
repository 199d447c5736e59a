using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Transport;

namespace Signalbox.Gateways.Connections;

/// <summary>
/// What is done with a connection for which there is no place: it is told so in the words of its protocol, and closed;
/// where too many are being told, without a word.
/// </summary>
internal static class RefusedConnections
{
    // All the time that there is for one: whoever waits longer keeps others from being told.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    // Who says nothing for so long after it was told has nothing under way.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives those that are refused a moment. To be called before anything else is done with a port.</summary>
    /// <remarks>Our own transport has counted the connection. Of others the files are not known: there it is counted here,
    /// for as long as something is done with it.</remarks>
    public static void Limit(IConnectionBuilder connections)
    {
        var services = connections.ApplicationServices;
        var quota = services.GetService<ConnectionQuota>() ?? ConnectionQuota.Any;
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        connections.Use(next => connection => connection.Features.Get<IConnectionPlaceFeature>() switch
        {
            null => CountAsync(next, connection, quota, clock),
            { Place: ConnectionPlace.Own } => next(connection),
            _ => HurryAsync(next, connection, clock),
        });
    }

    /// <summary>Tells those that are refused so.</summary>
    public static void Tell(IConnectionBuilder connections, Func<ConnectionContext, Task> tell)
    {
        var clock = connections.ApplicationServices.GetService<TimeProvider>() ?? TimeProvider.System;
        connections.Use(next => connection => IsRefused(connection) ? TellAsync(connection, tell, clock) : next(connection));
    }

    private static bool IsRefused(ConnectionContext connection) =>
        connection.Features.Get<IConnectionPlaceFeature>() is { Place: ConnectionPlace.Refusal };

    private static async Task CountAsync(
        ConnectionDelegate next, ConnectionContext connection, ConnectionQuota quota, TimeProvider clock)
    {
        var place = quota.Take();
        try
        {
            connection.Features.Set<IConnectionPlaceFeature>(new Counted(place));
            if (place is ConnectionPlace.Own) await next(connection);
            else if (place is ConnectionPlace.Refusal) await HurryAsync(next, connection, clock);
            else connection.Abort();
        }
        finally
        {
            quota.GiveBack(place);
        }
    }

    private static async Task HurryAsync(ConnectionDelegate next, ConnectionContext connection, TimeProvider clock)
    {
        await using var limit = clock.CreateTimer(
            static state => ((ConnectionContext)state!).Abort(), connection, Moment, Timeout.InfiniteTimeSpan);
        await next(connection);
    }

    private static async Task TellAsync(ConnectionContext connection, Func<ConnectionContext, Task> tell, TimeProvider clock)
    {
        try
        {
            await tell(connection);
            await LingerAsync(connection, clock);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // It went without waiting for the answer, or is quiet, or its moment is over.
        }
    }

    /// <summary>Reads on for a moment: a connection that is closed with bytes unread takes its last words along.</summary>
    private static async Task LingerAsync(ConnectionContext connection, TimeProvider clock)
    {
        var input = connection.Transport.Input;
        using var quiet = new CancellationTokenSource(Quiet, clock);
        while (true)
        {
            var read = await input.ReadAsync(quiet.Token);
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;

            quiet.CancelAfter(Quiet);
        }
    }

    private sealed record Counted(ConnectionPlace Place) : IConnectionPlaceFeature;
}
