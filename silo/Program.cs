using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine.Cluster.Forms;
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
            await using var app = await StartAsync(SiloApp.Build(args, options));
            ServingHost.SayReady(options);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (IsSaidInOneSentence(e))
        {
            await Console.Error.WriteLineAsync($"signalbox-silo: {e.Message}");
            return BadOptions;
        }
    }

    private static async Task<WebApplication> StartAsync(WebApplication app)
    {
        ServingHost.GuardEnd(app);
        try
        {
            await app.StartAsync();
            return app;
        }
        // Nobody knows of that one yet. What it has begun would only complain at length of its end, and ends with the process.
        catch (Exception e) when (e is not ClusterRefusedException { HasJoined: false })
        {
            // Whoever starts next would look for this silo, if it went without a word.
            if (e is ClusterRefusedException) await app.StopAsync();
            await app.DisposeAsync();
            throw;
        }
    }

    private static bool IsSaidInOneSentence(Exception e) =>
        e is IOException or OrleansException or StackExchange.Redis.RedisException or ClusterRefusedException;
}
