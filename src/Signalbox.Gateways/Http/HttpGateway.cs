using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Engine;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Watching;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>All that can be said with plain HTTP requests: finds the route, and answers for what goes wrong.</summary>
internal sealed partial class HttpGateway(
    SessionHost host,
    HttpOptions options,
    Entrance entrance,
    MetricsText metrics,
    Watchdog watchdog,
    IHostApplicationLifetime lifetime,
    ILogger<HttpGateway> logger)
{
    private const string Name = "name";
    private const string PlainText = "text/plain; charset=utf-8";

    // One for each place in the app that it is mapped to.
    private readonly ConcurrentDictionary<string, byte[]> _descriptions = new(StringComparer.Ordinal);

    /// <param name="isWholeSite">Whether the front page is ours, and what is nowhere.</param>
    public static void Map(IEndpointRouteBuilder endpoints, bool isWholeSite)
    {
        var gateway = Hosting.Gateways.Late<HttpGateway>(endpoints);
        var paths = HttpRoutes.All.Where(route => isWholeSite || route.Kind != RouteKind.Page).GroupBy(route => route.HasName ? $"{route.Root}/{{**{Name}}}" : route.Path);
        foreach (var group in paths)
        {
            HttpRoute[] routes = [.. group];
            endpoints.Map(group.Key, context => gateway.Value.ServeAsync(context, routes));
        }

        if (isWholeSite) endpoints.MapFallback("{**path}", context => gateway.Value.ServeAsync(context, []));
    }

    private async Task ServeAsync(HttpContext context, HttpRoute[] routes)
    {
        try
        {
            await AnswerAsync(context, routes);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            // What the server itself does not take: a body that comes too slowly, or is not framed as it should be.
            Problem.OfHttp(e.StatusCode, e.Message).Write(context.Response);
        }
        catch (Exception e) when (IsGone(e, context))
        {
            // The client went away: nobody is there to be told.
        }
        catch (LogFailedException e)
        {
            // The log says itself why it stopped, and the server follows: here it is one request that fails.
            LogStorageFailed(context.Request.Method, e.Message);
            if (context.Response.HasStarted) context.Abort();
            else Problem.Of(Failure.LogFailed).Write(context.Response);
        }
        catch (Exception e)
        {
            LogFailed(e, context.Request.Method);
            if (context.Response.HasStarted) context.Abort();
            else Problem.Of(ErrorCode.InternalError, Failure.Internal.Message).Write(context.Response);
        }
    }

    // The pattern, and no path that a client wrote: there are as many as the app has mapped.
    private byte[] DescriptionAt(HttpContext context, HttpRoute route)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? route.Path;
        var prefix = pattern.EndsWith(route.Path, StringComparison.Ordinal) ? pattern[..^route.Path.Length] : "";
        return _descriptions.GetOrAdd(prefix.Length == 0 || prefix[0] == '/' ? prefix : $"/{prefix}", Description.Write);
    }

    private static bool IsGone(Exception e, HttpContext context) =>
        e is ConnectionResetException or ConnectionAbortedException || context.RequestAborted.IsCancellationRequested;

    private ValueTask AnswerAsync(HttpContext context, HttpRoute[] routes)
    {
        var response = context.Response;
        // What somebody stored must not become a page or a script because a browser thinks that it looks like one.
        response.Headers.XContentTypeOptions = "nosniff";
        if (entrance.Refuse(context.Request) is { } refused) return Refuse(response, Problem.Of(ErrorCode.Forbidden, refused));

        CrossOrigin.Write(context);
        var name = NameOf(context);
        var verb = VerbOf(routes, name);
        name = name[..^verb.Length];
        var isHead = HttpMethods.IsHead(context.Request.Method);
        var hasAny = false;
        foreach (var route in routes)
        {
            if (route.Verb != verb) continue;

            hasAny = true;
            // The server leaves the body out by itself.
            var method = isHead ? HttpMethods.Get : context.Request.Method;
            if (HttpMethods.Equals(route.Method, method)) return AnswerAsync(context, route, name);
        }

        if (!hasAny)
        {
            const string sentence = "There is nothing here: see / for what there is.";
            return Refuse(response, Problem.OfHttp(StatusCodes.Status404NotFound, sentence));
        }

        var methods = Methods(routes, verb);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            CrossOrigin.WriteOptions(context, methods);
            return default;
        }

        response.Headers.Allow = methods;
        return Refuse(response, Problem.OfHttp(StatusCodes.Status405MethodNotAllowed, $"Use one of {methods} here."));
    }

    private ValueTask AnswerAsync(HttpContext context, HttpRoute route, string name)
    {
        var response = context.Response;
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        switch (route.Kind)
        {
            case RouteKind.Page:
                Answers.Write(response, StatusCodes.Status200OK, PlainText, FrontPage.Write(context.Request));
                return default;

            case RouteKind.Description:
                Answers.Write(response, StatusCodes.Status200OK, Answers.Json, DescriptionAt(context, route));
                return default;

            case RouteKind.Metrics:
                AnswerMetrics(context);
                return default;

            // Whoever starts processes anew has one more to start.
            case RouteKind.Live or RouteKind.Ready when watchdog.Trouble is { } trouble:
                return Refuse(response, Problem.Of(ErrorCode.Unavailable, trouble));

            case RouteKind.Ready when isStopping:
                return Refuse(response, Problem.Of(ErrorCode.Unavailable, "The server is stopping."));

            // One port may be open before the others are.
            case RouteKind.Ready when !lifetime.ApplicationStarted.IsCancellationRequested:
                return Refuse(response, Problem.Of(ErrorCode.Unavailable, "The server is starting."));

            case RouteKind.Ready when host.Cluster?.Trouble is { } cluster:
                return Refuse(response, Problem.Of(ErrorCode.Unavailable, cluster));

            case RouteKind.Live or RouteKind.Ready:
                Answers.Write(response, StatusCodes.Status200OK, PlainText, "ok\n"u8.ToArray());
                return default;

            default:
                return DoAsync(context, route, name);
        }
    }

    // What is counted tells nobody's data, but how busy everybody is: without keys it is open as everything is, and with
    // keys it has a right of its own, so that what scrapes it needs no other.
    private void AnswerMetrics(HttpContext context)
    {
        if (host.Doors.TryName(Credentials.InHeader(context.Request), out var identity) is { } unknown)
        {
            Problem.Of(ErrorCode.Unauthorized, unknown).Write(context.Response);
        }
        else if (identity.MustSayWho)
        {
            const string sentence = "Say who you are: with 'Authorization: Bearer' and a token or key that grants 'metrics'.";
            Problem.Of(ErrorCode.Unauthorized, sentence).Write(context.Response);
        }
        else if (!identity.Rights.SeesMetrics)
        {
            Problem.Of(ErrorCode.Forbidden, "Your token does not grant it: it needs the right 'metrics'.").Write(context.Response);
        }
        else
        {
            var text = Encoding.UTF8.GetBytes(metrics.Write());
            Answers.Write(context.Response, StatusCodes.Status200OK, MetricsText.ContentType, text);
        }
    }

    private async ValueTask DoAsync(HttpContext context, HttpRoute route, string name)
    {
        if (host.Doors.TryName(Credentials.InHeader(context.Request), out var identity) is { } unknown)
        {
            Problem.Of(ErrorCode.Unauthorized, unknown).Write(context.Response);
            return;
        }

        var body = new JsonBuffer();
        if (route.TakesValue || route.Kind == RouteKind.Commands)
        {
            // Ours is the one limit, and its answer is ours.
            var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
            if (limit is { IsReadOnly: false }) limit.MaxRequestBodySize = null;
            if (await RequestBody.ReadAsync(context.Request, body, options.MaxBodyBytes) is { } problem)
            {
                problem.Write(context.Response);
                return;
            }
        }

        await using var session = new RequestSession(host, context, lifetime.ApplicationStopping);
        if (!session.Traffic.TryEnter())
        {
            Problem.Of(Failure.Limited(SessionEnd.TooManyOfAddress.Message, 0)).Write(context.Response);
            return;
        }

        if (await Admission.AdmitAsync(session, identity) is { } failure)
        {
            Problem.Of(failure).Write(context.Response);
            return;
        }

        if (route.Kind == RouteKind.Commands)
        {
            await CommandAnswer.AnswerAsync(session, route.HasName ? name : null, body.WrittenMemory);
        }
        else
        {
            await ResourceAnswer.AnswerAsync(session, route, name, body.WrittenMemory);
        }
    }

    // The server decodes the address, save for slashes: in names they are what others are.
    private static string NameOf(HttpContext context) =>
        context.Request.RouteValues.GetValueOrDefault(Name) is string name
            ? name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
            : "";

    private static string VerbOf(HttpRoute[] routes, string name)
    {
        foreach (var route in routes)
        {
            var verb = route.Verb;
            if (verb.Length > 0 && verb.Length < name.Length && name.EndsWith(verb, StringComparison.Ordinal)) return verb;
        }

        return "";
    }

    private static string Methods(HttpRoute[] routes, string verb)
    {
        var methods = from route in routes where route.Verb == verb select route.Method == "GET" ? "GET, HEAD" : route.Method;
        return string.Join(", ", methods.Append("OPTIONS"));
    }

    private static ValueTask Refuse(HttpResponse response, Problem problem)
    {
        problem.Write(response);
        return default;
    }

    [LoggerMessage(2302, LogLevel.Warning, "A {Method} request failed with the storage: {Message}")]
    private partial void LogStorageFailed(string method, string message);

    [LoggerMessage(2301, LogLevel.Error, "A {Method} request failed")]
    private partial void LogFailed(Exception exception, string method);
}
