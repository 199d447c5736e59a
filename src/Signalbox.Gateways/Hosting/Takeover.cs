using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signalbox.Gateways.Hosting;

/// <summary>
/// Has a session go on with a connection when the HTTP layer has done its part: the layer ends as it does after every last
/// request, and what it keeps for a connection is free.
/// <code>
///  accepted ── HTTP: request, head of the response ── ended ── session ── closed
/// </code>
/// </summary>
/// <remarks>Why, and what is to be kept in mind: decision 13.</remarks>
internal sealed class Takeover : IConnectionHeartbeatFeature
{
    private Func<Task>? _session;
    private volatile Beat? _beat;

    private Takeover(IConnectionHeartbeatFeature? heartbeat) =>
        heartbeat?.OnHeartbeat(static state => ((Takeover)state)._beat?.Run(), this);

    /// <summary>Lets what HTTP/1.1 begins on these connections go on without it. To be called behind <c>UseHttps</c>.</summary>
    public static void Use(IConnectionBuilder connections) => connections.Use(http => connection => RunAsync(http, connection));

    /// <summary>Whether the connection of this request can be taken over.</summary>
    public static bool IsPossible(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<Takeover>() is not null;

    /// <summary>Runs this on the connection of the request, whose response has begun and whose last request it is: behind
    /// the HTTP layer where that can be left, else here and now.</summary>
    /// <param name="session">Holds on to nothing of the request.</param>
    public static Task RunAsync(HttpContext context, Func<Task> session)
    {
        if (!IsPossible(context)) return session();

        context.Features.GetRequiredFeature<Takeover>()._session = session;
        return Task.CompletedTask;
    }

    /// <remarks>The HTTP layer wants to hear of the time that passes, and cannot say that it no longer does.</remarks>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state) => _beat = new Beat(action, state);

    private static async Task RunAsync(ConnectionDelegate http, ConnectionContext connection)
    {
        var takeover = new Takeover(connection.Features.Get<IConnectionHeartbeatFeature>());
        connection.Features.Set<IConnectionHeartbeatFeature>(takeover);
        connection.Features.Set(takeover);
        try
        {
            await http(connection);
        }
        finally
        {
            takeover._beat = null;
            if (takeover._session is not null) await takeover.GoOnAsync();
        }
    }

    private Task GoOnAsync()
    {
        var session = _session!; // Asked before.
        _session = null;
        return session();
    }

    private sealed record Beat(Action<object> Action, object State)
    {
        public void Run() => Action(State);
    }
}
