using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Signalbox.Gateways.Connections;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Watching;
using Signalbox.Serving.Ending;
using Signalbox.Serving.Telemetry;
using Signalbox.Serving.Watching;
using Signalbox.Transport;

namespace Signalbox.Serving;

/// <summary>What all processes that are nothing but Signalbox share: how they read what is set, and how they speak.
/// </summary>
public static class ServingHost
{
    /// <summary>Has to be called before the first socket is made.</summary>
    /// <remarks>What a socket brings is worked on by the thread that saw it come, without a hop to the pool: nothing of
    /// ours blocks. There is no other way to say so than this variable; who has set it otherwise has their reasons.
    /// </remarks>
    public static void Prepare()
    {
        const string inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
        if (Environment.GetEnvironmentVariable(inline) is null) Environment.SetEnvironmentVariable(inline, "1");
        if (FileLimit.Raise() is { } files) LimitThreads(FileBudget.ThreadsOf(files));
    }

    /// <summary>Reads the options from appsettings.json, the environment and the command line; the last wins.</summary>
    public static void Read(ServingOptions options, string[] args) => options.Read(new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
        .AddEnvironmentVariables("SIGNALBOX__")
        .AddCommandLine(WithValues(args))
        .Build());

    /// <summary>Says what is wrong with what is set, if anything is.</summary>
    /// <param name="name">What the process calls itself.</param>
    public static bool TryRead<T>(string name, Func<T> read, [NotNullWhen(true)] out T? options)
        where T : ServingOptions
    {
        string[] problems;
        try
        {
            options = read();
            problems = [.. options.Validate()];
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or InvalidDataException)
        {
            options = null;
            problems = [e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}"];
        }

        foreach (var problem in problems) Console.Error.WriteLine($"{name}: {problem}");
        return problems.Length == 0;
    }

    /// <summary>An app with the ports of the gateways; the gateways and their engine are the caller's to add.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, ServingOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = WithValues(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        // What a script waits for, the addresses and "ready", is alone in the output.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // A start that fails is said in one sentence, by who started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = EndGuard.ForConnections(options));
        builder.Services.AddSingleton<IThreadStacks, SampledStacks>();
        builder.Services.AddSingleton(provider => new EndGuard(provider.GetRequiredService<IHostApplicationLifetime>(), options));
        // First of all that runs, so that it stops last and hands over what the others did at their end.
        if (options.Telemetry.IsOn) builder.Services.AddHostedService(_ => new OtlpExport(options.Telemetry));
        ConnectionRoom.Add(builder.Services, options, FileLimit.Raise(), options.OtherFiles);
        builder.WebHost.UseTransport(options.Transport);
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Listen(kestrel, options));
        return builder;
    }

    /// <summary>Has a stop end within the grace period, whatever hangs. To be called before anything else is made.</summary>
    public static void GuardEnd(WebApplication app) => app.Services.GetRequiredService<EndGuard>();

    /// <summary>Tells whoever waits for it that clients are let in, and where.</summary>
    public static void SayReady(ServingOptions options)
    {
        foreach (var address in Listening.Addresses(options)) Console.WriteLine(address);
        Console.WriteLine("ready");
    }

    // Each has files of its own, and where none are left the next one ends the process.
    private static void LimitThreads(int most)
    {
        ThreadPool.GetMinThreads(out var least, out _);
        ThreadPool.GetMaxThreads(out _, out var completing);
        ThreadPool.SetMaxThreads(Math.Max(least, most), completing);
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
