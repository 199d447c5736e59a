using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Hosting;
using Signalbox.Server.LogCommands;
using Signalbox.Serving;

namespace Signalbox.Server;

internal static class Program
{
    private const int BadOptions = 2;
    private const int LogFailed = 3;

    private static async Task<int> Main(string[] args)
    {
        if (args is [LogCommand.Name, ..]) return LogCommand.Run(args[1..]);

        ServingHost.Prepare();
        if (!ServingHost.TryRead("signalbox-server", () => ServerApp.ReadOptions(args), out var options)) return BadOptions;

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
        ServingHost.SayReady(options);
        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<DataHost>().Failure is null ? 0 : LogFailed;
    }
}
