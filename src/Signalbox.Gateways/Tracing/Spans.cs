using System.Diagnostics;
using Signalbox.Core.Payloads;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Tracing;

/// <summary>What is seen of a message in a trace, and how the trace goes on behind it (W3C Trace Context).</summary>
/// <remarks>
/// A message's context travels in its headers <c>traceparent</c> and <c>tracestate</c>, as any other header does: through
/// the history, a queue and the log, on every protocol. So whoever gets it goes on from there. Where nobody listens to
/// <see cref="SourceName"/>, nothing is done but that: what came in an HTTP header is put among the message's own.
/// </remarks>
internal static class Spans
{
    public const string SourceName = "Signalbox";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of something that is handed on.</summary>
    /// <param name="operation">publish, broadcast, send or push.</param>
    /// <param name="to">The channel, user or queue; empty for none.</param>
    /// <param name="carried">The headers to hand on: the receiver's span is the child of the one that they name.</param>
    /// <returns>Null where nobody wants to see it.</returns>
    public static Activity? Begin(Session session, string operation, string to, Headers headers, out Headers carried)
    {
        carried = headers;
        var isWatched = Source.HasListeners();
        if (!isWatched && session.TraceParent is null) return null;

        // What the message itself says comes before what its request says.
        var isOwn = TraceContext.TryRead(headers, out var context);
        if (!isOwn && !TraceContext.TryParse(session.TraceParent, session.TraceState, out context))
        {
            context = null;
        }

        var span = isWatched ? Start(session, operation, to, isOwn, context) : null;
        if (span is not null) context = TraceContext.Of(span);
        if (context is not null && !(isOwn && span is null)) carried = context.Into(headers);
        return span;
    }

    /// <summary>Ends the span when the answer is there.</summary>
    public static ValueTask<T> Until<T>(Activity? span, ValueTask<T> answer)
    {
        if (span is null) return answer;
        if (!answer.IsCompletedSuccessfully) return WaitAsync(span, answer);

        span.Dispose();
        return answer;
    }

    private static Activity? Start(Session session, string operation, string to, bool isOwn, TraceContext? context)
    {
        // A connection's commands are on no thread in particular: what is current there is not what they belong to. A
        // request's span, where the framework has one, is what the command is done in.
        var current = Activity.Current;
        if (!session.IsRequest || isOwn) Activity.Current = null;
        try
        {
            var parent = Activity.Current is null && context is not null ? context.Parent : default;
            var span = Source.StartActivity(operation, ActivityKind.Producer, parent);
            span?.SetTag("messaging.system", "signalbox");
            span?.SetTag("messaging.operation.type", "send");
            if (to.Length > 0) span?.SetTag("messaging.destination.name", to);
            span?.SetTag("network.protocol.name", session.Protocol);
            return span;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static async ValueTask<T> WaitAsync<T>(Activity span, ValueTask<T> answer)
    {
        using (span) return await answer;
    }
}
