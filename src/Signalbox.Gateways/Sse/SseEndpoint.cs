using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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

        if (SseRefusal.OfRights(host.Rules, identity, request.Names) is { } forbidden)
        {
            await forbidden.WriteAsync(context.Response);
            return;
        }

        Prepare(context.Response);
        if (HttpMethods.IsGet(context.Request.Method)) await ServeAsync(context, request, identity);
    }

    private async Task ServeAsync(HttpContext context, SseRequest request, Identity identity)
    {
        var output = SseOutput.Of(context);
        var format = SseFormat.Of(request.IsOneChannel, output.IsTaken);
        var positions = request.IsOneChannel ? null : new SsePositions(options.MaxIdBytes, output.IsTaken);
        var session = new SseSession(
            host, context.TraceIdentifier, Peers.Of(context.Connection), output.Pipe, format, positions, options.ReconnectSpread);
        var isStreaming = false;
        try
        {
            if (await EnterAsync(context, session, request, identity) is not { } entries) return;

            // Who reads slowly is ours to judge, by what waits for it, and not the transport's by the clock.
            var rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
            var usualRate = rate?.MinDataRate;
            if (rate is not null) rate.MinDataRate = null;

            await output.StartAsync(context);
            isStreaming = true;
            await (output.IsTaken
                ? HandOverAsync(context, session, request, entries)
                : RunAsync(session, request, entries, context.Abort, context.RequestAborted));
            if (rate is not null) rate.MinDataRate = usualRate;
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is IOException or OperationCanceledException)
        {
            // The peer went away before there was a stream.
        }
        catch (LogFailedException e) when (!context.Response.HasStarted)
        {
            LogStorageFailed(session.Id, e.Message);
            await SseRefusal.Of(Failure.LogFailed).WriteAsync(context.Response);
        }
        finally
        {
            if (!isStreaming) await CloseAsync(session);
        }
    }

    /// <returns>The channels it is in; null where it was refused, and told so.</returns>
    private async Task<List<Subscribing.Entry>?> EnterAsync(
        HttpContext context, SseSession session, SseRequest request, Identity identity)
    {
        if (!registry.TryAdd(session, http.MaxConnections))
        {
            return await RefuseAsync(SseRefusal.Of(Failure.Limited((session.End ?? SessionEnd.TooMany).Message, 0)));
        }

        LogOpened(session.Id, session.Peer);
        if (await Admission.AdmitAsync(session, identity) is { } failure) return await RefuseAsync(SseRefusal.Of(failure));

        // The backend may have let it in as somebody else.
        if (session.Identity != identity && SseRefusal.OfRights(host.Rules, session.Identity, request.Names) is { } forbidden)
        {
            return await RefuseAsync(forbidden);
        }

        if (request.Names.Count > session.MaxSubscriptions)
        {
            return await RefuseAsync(SseRefusal.Of(Subscribing.TooMany(session, session.MaxSubscriptions)));
        }

        var (denied, allowed) = await Subscribing.AskAsync(session, SseEntering.Plan(request));
        if (denied is not null) return await RefuseAsync(SseRefusal.Of(denied));

        return await Subscribing.EnterAllAsync(session, allowed) ?? await RefuseAsync(Refused);

        async Task<List<Subscribing.Entry>?> RefuseAsync(SseRefusal refusal)
        {
            await refusal.WriteAsync(context.Response);
            return null;
        }
    }

    /// <summary>Streams on the connection, when the HTTP layer is gone.</summary>
    private Task HandOverAsync(HttpContext context, SseSession session, SseRequest request, List<Subscribing.Entry> entries)
    {
        var connection = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        return Takeover.RunAsync(
            context, () => RunAsync(session, request, entries, connection.Abort, connection.ConnectionClosed));
    }

    /// <summary>Sees a stream from the first byte behind the head of its response to its last, and closes it.</summary>
    /// <param name="gone">Cancelled when the peer is.</param>
    private async Task RunAsync(
        SseSession session, SseRequest request, List<Subscribing.Entry> entries, Action abort, CancellationToken gone)
    {
        await using var leaving = gone.UnsafeRegister(static state => ((SseSession)state!).Vanish(), session);
        await using var stopping = lifetime.ApplicationStopping.UnsafeRegister(
            static state => ((SseSession)state!).EndFor(SessionEnd.Stopping), session);
        try
        {
            session.Open(SseEntering.Opening(session, request, entries, options.Retry).Span);
            heartbeat.Add(session); // Not before: a sign of life in front of the head would break the response.
            await SseEntering.GoLiveAsync(session, entries);
            (request, entries) = (null!, null!); // An idle stream keeps nothing of how it began.
            await session.Over;
            if (session.IsGone) return;
            await session.SayLastWordAsync().WaitAsync(host.Options.CloseTimeout, host.Clock, CancellationToken.None);
        }
        catch (Exception e) when (gone.IsCancellationRequested && e is IOException or OperationCanceledException)
        {
            // The peer went away while it was told what it had missed.
        }
        catch (TimeoutException)
        {
            abort(); // Its last word takes bounded time, whatever the peer does.
        }
        catch (LogFailedException e)
        {
            // The log says itself why it stopped, and the server follows: here it is one stream that ends.
            LogStorageFailed(session.Id, e.Message);
            abort();
        }
        finally
        {
            await CloseAsync(session);
        }
    }

    private async Task CloseAsync(SseSession session)
    {
        heartbeat.Remove(session);
        registry.Remove(session);
        // With the end of the request the response's pipe is the next request's.
        session.Outbound.Kill();
        await session.Outbound.WhenStillAsync();
        LogClosed(session.Id, session.End?.Reason ?? "peer");
        await session.DisposeAsync();
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

    [LoggerMessage(2103, LogLevel.Warning, "Stream {Id} ends with the storage: {Message}")]
    private partial void LogStorageFailed(string id, string message);

    [LoggerMessage(2101, LogLevel.Debug, "Stream {Id} from {Peer} is open")]
    private partial void LogOpened(string id, string peer);

    [LoggerMessage(2102, LogLevel.Debug, "Stream {Id} is closed: {Reason}")]
    private partial void LogClosed(string id, string reason);
}
