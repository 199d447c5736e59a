using Microsoft.Extensions.Hosting;
using Signalbox.Serving;

namespace Signalbox.Silo;

internal static class Program
{
    private const int BadOptions = 2;

    private static async Task<int> Main(string[] args)
    {
        ServingHost.Prepare();
        if (!ServingHost.TryRead("signalbox-silo", () => SiloApp.ReadOptions(args), out var options)) return BadOptions;

        try
        {
            await using var app = SiloApp.Build(args, options);
            await app.StartAsync();
            ServingHost.SayReady(options);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is IOException or OrleansException or StackExchange.Redis.RedisException)
        {
            await Console.Error.WriteLineAsync($"signalbox-silo: {e.Message}");
            return BadOptions;
        }
    }
}
