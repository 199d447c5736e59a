using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Tcp;

/// <summary>The dispatcher's port: a session for each connection.</summary>
public sealed class TcpConnectionHandler(SessionHost host, SessionRunner runner, TcpOptions options) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        var line = new Line(
            connection.Transport.Input, connection.Abort, lifetime?.ConnectionClosedRequested ?? default, connection.ConnectionClosed);
        await using var session = new DispatcherSession(
            host, connection.ConnectionId, Peers.NameOf(connection.RemoteEndPoint), connection.Transport, options.MaxFrameBytes);
        // Nobody is known yet; the backend may want to know of them all the same.
        await Admission.EnterAsync(session, host.Doors.Anonymous);
        await runner.RunAsync(session, line, options.MaxConnections);
    }
}
