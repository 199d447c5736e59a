using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Engine;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Sse;

/// <summary><c>GET /sse</c>: a stream of events for as long as its reader stays.</summary>
internal sealed partial class SseEndpoint(
    SessionHost host,
    SessionRegistry registry,
    SseHeartbeat heartbeat,
    SseOptions options,
    HttpOptions http,
    Entrance entrance,
    IHostApplicationLifetime lifetime,
    ILogger<SseEndpoint> logger)
{
    private static readonly SseRefusal Refused = SseRefusal.Of(ErrorCode.LimitExceeded, Subscribing.RefusedMessage);

    // Every method comes here, so that a wrong one gets an answer that says what is right.
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var endpoint = Hosting.Gateways.Late<SseEndpoint>(endpoints);
        endpoints.Map("/sse", context => endpoint.Value.ServeAsync(context));
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (entrance.Refuse(context.Request) is { } sentence)
        {
            await SseRefusal.Of(ErrorCode.Forbidden, sentence).WriteAsync(context.Response);
            return;
        }

        ShareWithOrigin(context);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var (request, refusal) = SseRequest.Read(context.Request, options, host.Options);
        if (request is null)
        {
            await refusal!.WriteAsync(context.Response); // One of the two is there.
            return;
        }

        if (host.Doors.TryName(Credentials.Of(context.Request), out var identity) is { } unknown)
        {
            await SseRefusal.Of(ErrorCode.Unauthorized, unknown).WriteAsync(context.Response);
            return;
        }

        if (SseRefusal.OfRights(identity, request.Names) is { } forbidden)
        {
            await forbidden.WriteAsync(context.Response);
            return;
        }

        Prepare(context.Response);
        if (HttpMethods.IsGet(context.Request.Method)) await ServeAsync(context, request, identity);
    }

    private async Task ServeAsync(HttpContext context, SseRequest request, Identity identity)
    {
        var positions = request.IsOneChannel ? null : new SsePositions(options.MaxIdBytes);
        await using var session = new SseSession(
            host, context.TraceIdentifier, PeerOf(context.Connection), context.Response.BodyWriter, positions, options.ReconnectSpread);
        if (!registry.TryAdd(session, http.MaxConnections))
        {
            await SseRefusal.Of(Failure.Limited((session.End ?? SessionEnd.TooMany).Message, 0)).WriteAsync(context.Response);
            return;
        }

        LogOpened(session.Id, session.Peer);
        heartbeat.Add(session);
        try
        {
            if (await Admission.AdmitAsync(session, identity) is { } failure)
            {
                await SseRefusal.Of(failure).WriteAsync(context.Response);
                return;
            }

            if (request.Names.Count > session.MaxSubscriptions)
            {
                await SseRefusal.Of(Subscribing.TooMany(session, session.MaxSubscriptions)).WriteAsync(context.Response);
                return;
            }

            await StreamAsync(context, session, request);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is IOException or OperationCanceledException)
        {
            // The peer went away before there was a stream.
        }
        catch (LogFailedException e)
        {
            // The log says itself why it stopped, and the server follows: here it is one stream that ends.
            LogStorageFailed(session.Id, e.Message);
            if (context.Response.HasStarted) context.Abort();
            else await SseRefusal.Of(Failure.LogFailed).WriteAsync(context.Response);
        }
        finally
        {
            heartbeat.Remove(session);
            registry.Remove(session);
            // With the end of the request the response's pipe is the next request's.
            session.Outbound.Kill();
            await session.Outbound.WhenStillAsync();
            LogClosed(session.Id, session.End?.Reason ?? "peer");
        }
    }

    private async Task StreamAsync(HttpContext context, SseSession session, SseRequest request)
    {
        await using var gone = context.RequestAborted.UnsafeRegister(static state => ((SseSession)state!).Vanish(), session);
        await using var stopping = lifetime.ApplicationStopping.UnsafeRegister(
            static state => ((SseSession)state!).EndFor(SessionEnd.Stopping), session);

        var (failure, allowed) = await Subscribing.AskAsync(session, SseEntering.Plan(request));
        if (failure is not null)
        {
            await SseRefusal.Of(failure).WriteAsync(context.Response);
            return;
        }

        if (await Subscribing.EnterAllAsync(session, allowed) is not { } entries)
        {
            await Refused.WriteAsync(context.Response);
            return;
        }

        // Who reads slowly is ours to judge, by what waits for it, and not the transport's by the clock.
        var rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
        var usualRate = rate?.MinDataRate;
        if (rate is not null) rate.MinDataRate = null;

        await context.Response.StartAsync(context.RequestAborted);
        session.Open(SseEntering.Opening(session, request, entries, options.Retry).Span);
        await SseEntering.GoLiveAsync(session, entries);
        await session.Over;
        if (!session.IsGone) await SayLastWordAsync(context, session);
        if (rate is not null) rate.MinDataRate = usualRate;
    }

    /// <summary>Says why it is over and when to come back; within bounded time, whatever the peer does.</summary>
    private async Task SayLastWordAsync(HttpContext context, SseSession session)
    {
        try
        {
            await session.SayLastWordAsync().WaitAsync(host.Options.CloseTimeout, host.Clock);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    // Nobody between is to keep, change, compress or hold back what is written.
    private static void Prepare(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private static void ShareWithOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count == 0) return;

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(context.Request.Method)) return;

        // A browser's own EventSource asks for no leave; a page that fetches the stream does.
        headers.AccessControlAllowMethods = "GET, HEAD";
        headers.AccessControlAllowHeaders = "Last-Event-ID, Authorization, Cache-Control";
        headers.AccessControlMaxAge = "600";
    }

    private static string PeerOf(ConnectionInfo connection) =>
        Peers.NameOf(connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null);

    [LoggerMessage(2103, LogLevel.Warning, "Stream {Id} ends with the storage: {Message}")]
    private partial void LogStorageFailed(string id, string message);

    [LoggerMessage(2101, LogLevel.Debug, "Stream {Id} from {Peer} is open")]
    private partial void LogOpened(string id, string peer);

    [LoggerMessage(2102, LogLevel.Debug, "Stream {Id} is closed: {Reason}")]
    private partial void LogClosed(string id, string reason);
}
