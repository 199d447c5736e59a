using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Signalbox.Gateways.Sse;

/// <summary>Where the streams are.</summary>
public static class SseRoutes
{
    public static IEndpointRouteBuilder MapSse(this IEndpointRouteBuilder endpoints)
    {
        // Every method comes here, so that a wrong one gets an answer that says what is right.
        endpoints.Map("/sse", endpoints.ServiceProvider.GetRequiredService<SseEndpoint>().ServeAsync);
        return endpoints;
    }
}
