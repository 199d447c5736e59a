using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Signalbox.Gateways.Hosting;
using Signalbox.Hosting;

namespace Signalbox.Server;

/// <summary>The server put together: an app that is nothing but Signalbox.</summary>
public static class ServerApp
{
    /// <summary>Reads the options from appsettings.json, the environment and the command line; the last wins.</summary>
    public static ServerOptions ReadOptions(string[] args)
    {
        var options = new ServerOptions();
        options.Read(new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddEnvironmentVariables("SIGNALBOX__")
            .AddCommandLine(WithValues(args))
            .Build());
        return options;
    }

    public static WebApplication Build(string[] args, ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = WithValues(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        // What a script waits for, the addresses and "ready", is alone in the output.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // A start that fails is said in one sentence, by Program.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracePeriod);
        builder.Services.AddSignalbox(options);
        builder.WebHost.UseTransport(options.Transport);
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Listen(kestrel, options));

        var app = builder.Build();
        app.MapSignalboxGateways(isWholeSite: true);
        return app;
    }

    /// <summary>Opens the data, then lets clients in.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        // Before the host does: data that cannot be opened is an answer, and not a crash that it writes down.
        app.Services.GetRequiredService<DataHost>();
        await app.StartAsync();
    }

    // Flags that stand alone on the command line: the configuration wants a value with each.
    private static string[] WithValues(string[] args) =>
    [
        .. args.Select(arg => arg.ToUpperInvariant() switch
        {
            "--INSECURE" => "--Insecure=true",
            "--EPHEMERAL" => "--Data:Ephemeral=true",
            _ => arg,
        }),
    ];
}
