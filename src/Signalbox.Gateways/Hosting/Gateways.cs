using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Sse;

namespace Signalbox.Gateways.Hosting;

/// <summary>Puts the gateways into a host.</summary>
public static class Gateways
{
    /// <summary>Adds what the gateways need. The engine, the node, the channel rules and the clock are the host's to add.</summary>
    public static IServiceCollection AddSignalboxGateways(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options.Tcp);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Sse);
        services.AddSingleton(options.Session);
        services.AddSingleton<WriteLanes>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionHost>();
        services.AddSingleton<Origins>();
        services.AddSingleton<SseHeartbeat>();
        services.AddSingleton<SseEndpoint>();
        return services;
    }

    /// <summary>Maps the endpoints of every gateway that speaks HTTP.</summary>
    public static IEndpointRouteBuilder MapSignalbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSse();
        return endpoints;
    }
}
