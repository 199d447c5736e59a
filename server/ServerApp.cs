using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;

namespace Signalbox.Server;

/// <summary>The server put together: the gateways on the embedded engine, in one process.</summary>
public static class ServerApp
{
    /// <summary>Reads the options from appsettings.json, the environment and the command line; the last wins.</summary>
    public static ServerOptions ReadOptions(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddEnvironmentVariables("SIGNALBOX__")
            .AddCommandLine(WithValues(args))
            .Build();
        var options = configuration.Get<ServerOptions>() ?? new ServerOptions();
        // The binder leaves out the elements of a list that it cannot read, without a word. One by one it says why.
        options.Channels = [.. configuration.GetSection("Channels").GetChildren().Select(ReadChannel)];
        // A key that is not understood must not be left out: with none the server would let anybody in.
        options.Security = configuration.GetSection("Security")
            .Get<SecurityOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SecurityOptions();
        return options;
    }

    public static WebApplication Build(string[] args, ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = WithValues(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracePeriod);
        AddEngine(builder.Services, options);
        builder.WebHost.UseTransport(options.Transport);
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Listen(kestrel, options));

        return builder.Build();
    }

    /// <summary>Connects the engine with its node, then lets clients in.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        var engine = app.Services.GetRequiredService<IEngine>();
        await engine.JoinAsync(app.Services.GetRequiredService<Node>(), CancellationToken.None);
        // The gateways have the engine: mapped any earlier, data that cannot be opened would be no answer but a crash.
        app.MapSignalbox();
        await app.StartAsync();
    }

    /// <summary>What the settings say of the engine.</summary>
    internal static EngineSetup SetupOf(ServerOptions options)
    {
        var usual = options.Data.Durability;
        var rules = new ChannelRules(
            [.. options.Channels.Select(channel => channel.ToRule(usual))],
            Core.Channels.ChannelOptions.Default with { RetainedDurability = usual });
        return new EngineSetup(rules, options.Limits.ToLimits(), options.Data.ToDurability());
    }

    private static ChannelSettings ReadChannel(IConfigurationSection section) =>
        section.Get<ChannelSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ChannelSettings();

    private static void AddEngine(IServiceCollection services, ServerOptions options)
    {
        var setup = SetupOf(options);

        services.AddSingleton(setup.Rules);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options.Data);
        services.AddSingleton(setup);
        services.AddSingleton<DataHost>();
        services.AddSingleton(provider => provider.GetRequiredService<DataHost>().Engine);
        services.AddSingleton(provider => new Node(NewNodeId(), provider.GetRequiredService<IEngine>(), setup.Rules));
        services.AddSignalboxGateways(options);
    }

    private static string NewNodeId() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6));

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
