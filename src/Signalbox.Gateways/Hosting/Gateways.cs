using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Gateways.Http;
using Signalbox.Gateways.Mqtt;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Sse;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Hosting;

/// <summary>Puts the gateways into a host.</summary>
public static class Gateways
{
    /// <summary>Adds what the gateways need. The engine, the node, the channel rules and the clock are the host's to add.</summary>
    public static IServiceCollection AddSignalboxGateways(this IServiceCollection services, GatewayOptions options)
    {
        // The framework tells of each request with its whole address, and a browser's token is a part of that.
        services.Configure<LoggerFilterOptions>(logging => logging.Rules.Add(
            new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null)));
        services.AddSingleton(options.Tcp);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Mqtt);
        services.AddSingleton(options.Sse);
        services.AddSingleton(options.WebSockets);
        services.AddSingleton(options.Session);
        services.AddSingleton(options.Security);
        services.AddSingleton<Doorkeeper>();
        services.AddSingleton<WriteLanes>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionHost>();
        services.AddSingleton<SessionRunner>();
        services.AddSingleton<Origins>();
        services.AddSingleton<SseHeartbeat>();
        services.AddSingleton<SseEndpoint>();
        services.AddSingleton<MqttHost>();
        services.AddSingleton<MqttEndpoint>();
        services.AddSingleton<HttpGateway>();
        services.AddSingleton<WebSocketGateway>();
        return services;
    }

    /// <summary>Maps the endpoints of every gateway that speaks HTTP.</summary>
    public static void MapSignalbox(this IEndpointRouteBuilder endpoints)
    {
        WebSocketGateway.Map(endpoints);
        MqttEndpoint.Map(endpoints);
        SseEndpoint.Map(endpoints);
        HttpGateway.Map(endpoints);
    }
}
