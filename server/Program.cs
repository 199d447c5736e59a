using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Gateways.Hosting;
using Signalbox.Hosting;
using Signalbox.Server.LogCommands;

namespace Signalbox.Server;

internal static class Program
{
    private const int BadOptions = 2;
    private const int LogFailed = 3;

    private static async Task<int> Main(string[] args)
    {
        if (args is [LogCommand.Name, ..]) return LogCommand.Run(args[1..]);

        // What a socket brings is worked on by the thread that saw it come, without a hop to the pool: nothing of ours
        // blocks. There is no other way to say so than this variable, before the first socket is made; who has set it
        // otherwise has their reasons.
        const string inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
        if (Environment.GetEnvironmentVariable(inline) is null) Environment.SetEnvironmentVariable(inline, "1");

        if (!TryReadOptions(args, out var options)) return BadOptions;

        try
        {
            return await RunAsync(args, options);
        }
        catch (IOException e)
        {
            var isDamaged = e is LogDamagedException or RestoreException;
            var problem = isDamaged ? DamageAdvice.Of(e, options.Data.Directory ?? "") : e.Message;
            await Console.Error.WriteLineAsync($"signalbox-server: {problem}");
            return BadOptions;
        }
    }

    private static async Task<int> RunAsync(string[] args, ServerOptions options)
    {
        await using var app = ServerApp.Build(args, options);
        await ServerApp.StartAsync(app);
        foreach (var address in Listening.Addresses(options)) Console.WriteLine(address);
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<DataHost>().Failure is null ? 0 : LogFailed;
    }

    private static bool TryReadOptions(string[] args, [NotNullWhen(true)] out ServerOptions? options)
    {
        string[] problems;
        try
        {
            options = ServerApp.ReadOptions(args);
            problems = [.. options.Validate()];
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or InvalidDataException)
        {
            options = null;
            problems = [e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}"];
        }

        foreach (var problem in problems) Console.Error.WriteLine($"signalbox-server: {problem}");
        return problems.Length == 0;
    }
}
