using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
            await RefuseAsync(context, ErrorCode.Forbidden, "Pages from this origin may not connect: see Http:AllowedOrigins.");
            return;
        }

        if (WebSocketHandshake.Check(context) is { } problem)
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, ErrorCode.Malformed, problem);
            return;
        }

        var identity = host.Doors.Anonymous;
        if (Credentials.Of(context.Request) is { } token
            && host.Doors.TryAdmit(token, out identity) is var error and not TokenError.None)
        {
            await RefuseAsync(context, ErrorCode.Unauthorized, TokenErrors.Explain(error));
            return;
        }

        var isCompressed = options.Compress && DeflateOffer.IsIn(context.Request.Headers.SecWebSocketExtensions);
        await WebSocketHandshake.AcceptAsync(context, isCompressed);
        var isStream = WebSocketHandshake.IsOverHttp2(context);
        var transport = isStream ? new StreamTransport(context) : TransportOf(context);
        var connection = context.Connection;
        var peer = Peers.NameOf(connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null);
        await using var session = new WebSocketSession(
            host, isStream ? context.TraceIdentifier : connection.Id, peer, transport, _formats, options.MaxMessageBytes, isCompressed);
        await Admission.EnterAsync(session, identity!); // There is one where there is no error.
        await runner.RunAsync(session, LineOf(context, transport, isStream), http.MaxConnections);
    }

    // Past the HTTP layer: from here on the connection is only ours.
    private static IDuplexPipe TransportOf(HttpContext context) =>
        context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;

    private static Line LineOf(HttpContext context, IDuplexPipe transport, bool isStream)
    {
        var stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        if (isStream) return new Line(transport.Input, context.Abort, stopping, context.RequestAborted);

        var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        return new Line(transport.Input, lifetime.Abort, stopping, lifetime.ConnectionClosed);
    }

    private static async Task RefuseAsync(HttpContext context, ErrorCode code, string message)
    {
        var buffer = new JsonBuffer();
        new ReplyWriter(buffer).WriteError(code, message, default);
        context.Response.StatusCode = ErrorTable.Of(code).HttpStatus;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Length;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>A stream of an HTTP/2 connection.</summary>
    private sealed class StreamTransport(HttpContext context) : IDuplexPipe
    {
        public PipeReader Input => context.Request.BodyReader;

        public PipeWriter Output => context.Response.BodyWriter;
    }
}
