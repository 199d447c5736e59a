using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>The ports of MQTT.</summary>
public sealed class MqttConnectionHandler(MqttHost host, SessionRunner runner) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        var line = new Line(
            connection.Transport.Input, connection.Abort, lifetime?.ConnectionClosedRequested ?? default, connection.ConnectionClosed);
        await using var session = new MqttConnection(
            host, connection.ConnectionId, Peers.NameOf(connection.RemoteEndPoint), connection.Transport, Received.By(connection.Features));
        await runner.RunAsync(session, line, host.Options.MaxConnections);
    }
}
