using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tcp;
using Signalbox.InProcess;

namespace Signalbox.Hosting;

/// <summary>Puts Signalbox into any ASP.NET Core app: the engine with its data, the gateways on it, and
/// <see cref="ISignalbox"/> for the app itself.</summary>
public static class SignalboxHosting
{
    /// <summary>Adds Signalbox. It keeps nothing on disk unless <see cref="DataSettings.Directory"/> names where.</summary>
    /// <exception cref="OptionsValidationException">An option cannot be right; the message says what would be.</exception>
    public static IServiceCollection AddSignalbox(
        this IServiceCollection services, Action<SignalboxOptions>? configure = null) =>
        services.AddSignalbox(new ConfigurationBuilder().Build(), configure);

    /// <summary>Adds Signalbox as a section of the app's configuration says, and then the code.</summary>
    /// <inheritdoc cref="AddSignalbox(IServiceCollection, Action{SignalboxOptions})"/>
    public static IServiceCollection AddSignalbox(
        this IServiceCollection services, IConfiguration section, Action<SignalboxOptions>? configure = null)
    {
        var options = new SignalboxOptions();
        options.Read(section);
        configure?.Invoke(options);
        if (options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new OptionsValidationException("Signalbox", typeof(SignalboxOptions), problems);
        }

        services.Configure<SocketTransportOptions>(sockets => Listening.UseSharedSockets(sockets));
        services.Configure<KestrelServerOptions>(Listening.UseSharedKestrel);
        return services.AddSignalbox(options);
    }

    /// <summary>Adds Signalbox for a host that sets its ports itself.</summary>
    /// <param name="options">Validated.</param>
    public static IServiceCollection AddSignalbox(this IServiceCollection services, SignalboxOptions options)
    {
        var setup = options.ToSetup();
        services.AddSingleton(options.Data);
        services.AddSingleton(provider =>
            setup with { Metrics = new EngineMetrics(provider.GetRequiredService<IMeterFactory>()) });
        services.AddSingleton<DataHost>();
        services.AddSingleton(provider => provider.GetRequiredService<DataHost>().Engine);
        services.AddHostedService<SignalboxHost>();
        return services.AddSignalboxNode(options, setup.Rules);
    }

    /// <summary>Adds all of Signalbox but the engine: that, and its node's joining it, are the caller's to add.</summary>
    /// <param name="options">Validated.</param>
    public static IServiceCollection AddSignalboxNode(
        this IServiceCollection services, SignalboxOptions options, ChannelRules rules)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GatewayOptions>(options);
        services.AddSingleton(rules);
        services.AddSingleton(provider => new Node(NewNodeId(), provider.GetRequiredService<IEngine>(), rules));
        services.AddSingleton(provider => new InProcessOptions { RevocationTime = provider.GetRequiredService<Doorkeeper>().RevocationTime });
        services.AddSingleton<ISignalbox, InProcessSignalbox>();
        return services.AddSignalboxGateways(options);
    }

    /// <summary>Maps the endpoints of the gateways: <c>/ws</c>, <c>/sse</c>, <c>/api</c>, <c>/channels</c>, <c>/hash</c>,
    /// <c>/queues</c>, <c>/health</c> and <c>/openapi.json</c>; in a group (<c>app.MapGroup("/signalbox")</c>) all of
    /// them below its prefix.</summary>
    public static void MapSignalbox(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapSignalboxGateways(isWholeSite: false);

    /// <summary>Has connections to this endpoint of Kestrel speak the dispatcher's protocol, which is not HTTP.</summary>
    public static void UseSignalbox(this ListenOptions listen) => listen.UseConnectionHandler<TcpConnectionHandler>();

    private static string NewNodeId() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6));
}
