using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gateways.Hosting;
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
    SessionHost host, SessionRunner runner, Origins origins, HttpOptions http, WebSocketOptions options)
{
    private const string Path = "/ws";

    private readonly WebSocketFormats _formats = new(options);

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.Map(Path, endpoints.ServiceProvider.GetRequiredService<WebSocketGateway>().ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        if (!origins.Allow(context.Request))
        {
            const string sentence = "Pages from this origin may not connect: see Http:AllowedOrigins.";
            await RefuseAsync(context, ErrorCode.Forbidden, sentence);
            return;
        }

        if (WebSocketHandshake.Check(context) is { } problem)
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, ErrorCode.Malformed, problem);
            return;
        }

        var isCompressed = options.Compress && DeflateOffer.IsIn(context.Request.Headers.SecWebSocketExtensions);
        var stream = await WebSocketHandshake.AcceptAsync(context, isCompressed);
        if (WebSocketHandshake.IsOverHttp2(context)) await ServeStreamAsync(context, stream, isCompressed);
        else await ServeConnectionAsync(context, isCompressed);
    }

    // Past the HTTP layer: from here on the connection is only ours.
    private Task ServeConnectionAsync(HttpContext context, bool isCompressed)
    {
        var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        var line = new Line(transport.Input, lifetime.Abort, StoppingOf(context), lifetime.ConnectionClosed);
        return RunAsync(context, context.Connection.Id, transport, line, isCompressed);
    }

    private async Task ServeStreamAsync(HttpContext context, Stream stream, bool isCompressed)
    {
        var transport = new StreamTransport(context, stream);
        var line = new Line(transport.Input, transport.Abort, StoppingOf(context), CancellationToken.None);
        try
        {
            await RunAsync(context, context.TraceIdentifier, transport, line, isCompressed);
        }
        finally
        {
            await transport.CompleteAsync();
        }
    }

    private async Task RunAsync(HttpContext context, string id, IDuplexPipe transport, Line line, bool isCompressed)
    {
        var address = context.Connection.RemoteIpAddress;
        var peer = Peers.NameOf(address is null ? null : new IPEndPoint(address, context.Connection.RemotePort));
        await using var session = new WebSocketSession(
            host, id, peer, transport, _formats, options.MaxMessageBytes, isCompressed);
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
}
