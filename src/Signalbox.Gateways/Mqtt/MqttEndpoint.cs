using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Mqtt;

/// <summary><c>/mqtt</c>: MQTT for browsers, over a WebSocket of the subprotocol <c>mqtt</c>.</summary>
internal sealed class MqttEndpoint(MqttHost mqtt, SessionRunner runner, Entrance entrance, HttpOptions http)
{
    private const string Path = "/mqtt";

    // What clients of 3.1 ask for.
    private static readonly string[] Subprotocols = ["mqtt", "mqttv3.1"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var gateway = Hosting.Gateways.Late<MqttEndpoint>(endpoints);
        endpoints.Map(Path, context => gateway.Value.ServeAsync(context));
    }

    private async Task ServeAsync(HttpContext context)
    {
        var offered = context.Request.Headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol");
        var chosen = Subprotocols.FirstOrDefault(one => offered.Contains(one, StringComparer.OrdinalIgnoreCase));
        if (entrance.Refuse(context.Request) is { } sentence)
        {
            await RefuseAsync(context, 403, sentence);
        }
        else if (WebSocketHandshake.Check(context) is { } problem)
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, 400, problem);
        }
        else if (chosen is null)
        {
            await RefuseAsync(context, 400, "Offer the subprotocol 'mqtt'.");
        }
        else if (mqtt.Sessions.Doors.TryName(Credentials.Of(context.Request), out var identity) is { } unknown)
        {
            await RefuseAsync(context, 401, unknown);
        }
        else
        {
            context.Response.Headers["Sec-WebSocket-Protocol"] = chosen;
            var stream = await WebSocketHandshake.AcceptAsync(context, deflate: null);
            if (WebSocketHandshake.IsOverHttp2(context)) await ServeStreamAsync(context, identity, stream);
            else await ServeConnectionAsync(context, identity);
        }
    }

    // Past the HTTP layer: from here on the connection is only ours.
    private Task ServeConnectionAsync(HttpContext context, Identity identity)
    {
        var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        var line = new Line(transport.Input, lifetime.Abort, StoppingOf(context), lifetime.ConnectionClosed);
        var (id, peer) = (context.Connection.Id, Peers.Of(context.Connection));
        var received = Received.By(context.Features);
        return Takeover.RunAsync(context, () => RunAsync(id, peer, identity, transport, received, line));
    }

    private async Task ServeStreamAsync(HttpContext context, Identity identity, Stream stream)
    {
        var transport = new StreamTransport(context, stream);
        var line = new Line(transport.Input, transport.Abort, StoppingOf(context), CancellationToken.None);
        try
        {
            await RunAsync(context.TraceIdentifier, Peers.Of(context.Connection), identity, transport, Received.Unknown, line);
        }
        finally
        {
            await transport.CompleteAsync();
        }
    }

    private async Task RunAsync(string id, string peer, Identity identity, IDuplexPipe transport, Func<int> received, Line line)
    {
        await using var session = new MqttWebSocketConnection(mqtt, id, peer, transport, received);
        // CONNECT may say more; who says nothing there is who the request was.
        if (!identity.IsAnonymous) await Admission.EnterAsync(session, identity);
        await runner.RunAsync(session, line, http.MaxConnections);
    }

    private static CancellationToken StoppingOf(HttpContext context) =>
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(sentence, context.RequestAborted);
    }
}
