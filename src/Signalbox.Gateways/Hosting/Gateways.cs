using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gateways.Http;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Hosting;

/// <summary>Puts the gateways into a host.</summary>
public static class Gateways
{
    /// <summary>Adds what the gateways need. The engine, the node, the channel rules and the clock are the host's to add.</summary>
    public static IServiceCollection AddSignalboxGateways(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options.Tcp);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Session);
        services.AddSingleton<WriteLanes>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionHost>();
        services.AddSingleton<Origins>();
        services.AddSingleton<HttpGateway>();
        return services;
    }

    /// <summary>Maps the endpoints of every gateway that speaks HTTP.</summary>
    public static IEndpointRouteBuilder MapSignalbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<HttpGateway>().Map(endpoints);
        return endpoints;
    }
}
