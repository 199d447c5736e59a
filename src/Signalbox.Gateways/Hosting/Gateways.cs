using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Http;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Mqtt;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Sse;
using Signalbox.Gateways.Watching;
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
        // First of all, so that it watches the start and the stop of the others.
        services.AddSingleton<Watchdog>();
        services.AddHostedService(provider => provider.GetRequiredService<Watchdog>());
        services.AddSingleton(options.Tcp);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Mqtt);
        services.AddSingleton(options.Sse);
        services.AddSingleton(options.WebSockets);
        services.AddSingleton(options.Session);
        services.AddSingleton(options.Security);
        services.AddMetrics();
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<MetricsText>();
        services.AddSingleton(options.Hooks);
        services.AddSingleton<HookClient>();
        services.AddSingleton<Backend>();
        services.AddSingleton<Notifier>();
        services.AddHostedService(provider => provider.GetRequiredService<Notifier>());
        services.AddSingleton<Doorkeeper>();
        services.AddSingleton<WriteLanes>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionHost>();
        services.AddSingleton<SessionRunner>();
        services.AddSingleton<Origins>();
        services.AddSingleton<Hosts>();
        services.AddSingleton<Entrance>();
        services.AddHostedService<Lifecycle>();
        services.AddSingleton<SseHeartbeat>();
        services.AddSingleton<SseEndpoint>();
        services.AddSingleton<MqttHost>();
        services.AddHostedService(provider => provider.GetRequiredService<MqttHost>());
        services.AddSingleton<MqttEndpoint>();
        services.AddSingleton<HttpGateway>();
        services.AddSingleton<WebSocketGateway>();
        return services;
    }

    /// <summary>Maps the endpoints of every gateway that speaks HTTP.</summary>
    /// <param name="isWholeSite">Whether the app is nothing else: then the front page is ours, and what is nowhere.</param>
    public static void MapSignalboxGateways(this IEndpointRouteBuilder endpoints, bool isWholeSite)
    {
        WebSocketGateway.Map(endpoints);
        MqttEndpoint.Map(endpoints);
        SseEndpoint.Map(endpoints);
        HttpGateway.Map(endpoints, isWholeSite);
    }

    /// <summary>The gateway, made when the first request comes: to map it needs no engine yet.</summary>
    internal static Lazy<T> Late<T>(IEndpointRouteBuilder endpoints)
        where T : class =>
        new(endpoints.ServiceProvider.GetRequiredService<T>);
}
