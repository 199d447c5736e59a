using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Sse;

/// <summary>Where the bytes of a stream go: to the connection itself where that can be taken over, else through the HTTP
/// layer.</summary>
/// <param name="IsTaken">Whether the HTTP layer writes the head of the response only: then the chunks of its body are ours,
/// made once for all streams, and the connection ends with it.</param>
internal readonly record struct SseOutput(PipeWriter Pipe, bool IsTaken)
{
    public static SseOutput Of(HttpContext context)
    {
        var features = context.Features;
        // What is left of a body would have to be passed over by somebody.
        var isTaken = Takeover.IsPossible(context)
            && features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        return isTaken
            ? new SseOutput(features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output, true)
            : new SseOutput(context.Response.BodyWriter, false);
    }

    /// <summary>Begins the response. What comes behind its head is written to the pipe.</summary>
    public Task StartAsync(HttpContext context)
    {
        if (IsTaken)
        {
            // To the HTTP layer the first means that it is to leave the body alone, and the second that nothing follows.
            context.Response.Headers.TransferEncoding = "chunked";
            context.Response.Headers.Connection = "close";
        }

        return context.Response.StartAsync(context.RequestAborted);
    }
}
