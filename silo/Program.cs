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
            await using var app = SiloApp.Build(args, options);
            await StartAsync(app);
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

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (ClusterRefusedException)
        {
            // The silo may be in the list of silos by now, and whoever starts next would wait for it.
            await app.StopAsync();
            throw;
        }
    }

    private static bool IsSaidInOneSentence(Exception e) =>
        e is IOException or OrleansException or StackExchange.Redis.RedisException or ClusterRefusedException;
}
