using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.WebSockets;

/// <summary><c>/ws</c>: a session for each WebSocket.</summary>
/// <remarks>
/// The frames are ours and not the framework's: a message is framed once for all who get it, several that wait go out
/// with one system call, and a connection that is idle holds no buffer.
/// </remarks>
internal sealed class WebSocketGateway(
    SessionHost host, SessionRunner runner, Entrance entrance, HttpOptions http, WebSocketOptions options)
{
    private const string Path = "/ws";

    private readonly WebSocketFormats _formats = new(options);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var gateway = Hosting.Gateways.Late<WebSocketGateway>(endpoints);
        endpoints.Map(Path, context => gateway.Value.ServeAsync(context));
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (entrance.Refuse(context.Request) is { } sentence)
        {
            await RefuseAsync(context, ErrorCode.Forbidden, sentence);
            return;
        }

        if (WebSocketHandshake.Check(context) is { } problem)
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, ErrorCode.Malformed, problem);
            return;
        }

        if (host.Doors.TryName(Credentials.Of(context.Request), out var identity) is { } unknown)
        {
            await RefuseAsync(context, ErrorCode.Unauthorized, unknown);
            return;
        }

        var deflate = options.Compress ? DeflateAgreement.With(context.Request.Headers.SecWebSocketExtensions) : null;
        var visit = new Visit(Peers.Of(context.Connection), identity, deflate);
        var stream = await WebSocketHandshake.AcceptAsync(context, deflate);
        if (WebSocketHandshake.IsOverHttp2(context)) await ServeStreamAsync(context, visit, stream);
        else await ServeConnectionAsync(context, visit);
    }

    // Past the HTTP layer: from here on the connection is only ours.
    private Task ServeConnectionAsync(HttpContext context, Visit visit)
    {
        var id = context.Connection.Id;
        var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        var line = new Line(transport.Input, lifetime.Abort, StoppingOf(context), lifetime.ConnectionClosed);
        return Takeover.RunAsync(context, () => RunAsync(visit, id, transport, line));
    }

    private async Task ServeStreamAsync(HttpContext context, Visit visit, Stream stream)
    {
        var transport = new StreamTransport(context, stream);
        var line = new Line(transport.Input, transport.Abort, StoppingOf(context), CancellationToken.None);
        try
        {
            await RunAsync(visit, context.TraceIdentifier, transport, line);
        }
        finally
        {
            await transport.CompleteAsync();
        }
    }

    private async Task RunAsync(Visit visit, string id, IDuplexPipe transport, Line line)
    {
        await using var session = new WebSocketSession(
            host, id, visit.Peer, transport, _formats, options.MaxMessageBytes, visit.Deflate);
        await Admission.EnterAsync(session, visit.Identity);
        await runner.RunAsync(session, line, http.MaxConnections);
    }

    private static CancellationToken StoppingOf(HttpContext context) =>
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;

    private static async Task RefuseAsync(HttpContext context, ErrorCode code, string message)
    {
        var buffer = new JsonBuffer();
        new ReplyWriter(buffer).WriteError(code, message, default);
        context.Response.StatusCode = ErrorTable.Of(code).HttpStatus;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Length;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>A request that becomes a WebSocket: whose it is, and what was agreed.</summary>
    private sealed record Visit(string Peer, Identity Identity, DeflateAgreement? Deflate);
}
