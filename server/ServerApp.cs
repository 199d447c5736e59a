using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gateways.Hosting;
using Signalbox.Hosting;
using Signalbox.Serving;

namespace Signalbox.Server;

/// <summary>The server put together: an app that is nothing but Signalbox.</summary>
public static class ServerApp
{
    /// <inheritdoc cref="ServingHost.Read"/>
    public static ServerOptions ReadOptions(string[] args)
    {
        var options = new ServerOptions();
        ServingHost.Read(options, args);
        return options;
    }

    public static WebApplication Build(string[] args, ServerOptions options)
    {
        var builder = ServingHost.CreateBuilder(args, options);
        builder.Services.AddSignalbox(options);
        var app = builder.Build();
        app.MapSignalboxGateways(isWholeSite: true);
        return app;
    }

    /// <summary>Opens the data, then lets clients in.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        ServingHost.GuardEnd(app);
        // Before the host does: data that cannot be opened is an answer, and not a crash that it writes down.
        app.Services.GetRequiredService<DataHost>();
        await app.StartAsync();
    }
}
