using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine;
using Signalbox.Engine.Cluster;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;

namespace Signalbox.Cluster.Benchmarks;

/// <summary>
/// What keys and queues of a cluster cost without gateways, with 64 operations under way: with one silo everything is local,
/// with two silos (in this one process, whose CPU is that of both) half of it is at the other. Once with storage that
/// costs nothing, which leaves what is ours, and once with Orleans' storage in memory, which is another call of a grain.
/// </summary>
internal static class Program
{
    private const int AtOnce = 64;
    private const int Names = 400;
    private const int Rounds = 6;

    private static readonly Payload Value = new(Encoding.UTF8.GetBytes(new string('7', 128)), PayloadKind.Json);
    private static readonly SetRequest Set = new(Value, null, null, SetCondition.Always, null);
    private static readonly PushRequest Push = new(Value, Headers.None, 0, TimeSpan.Zero, null, null);
    private static readonly PopRequest Pop = new(Lease: null, Wait: TimeSpan.Zero);

    private static async Task Main()
    {
        Console.WriteLine("storage  silos round operation          per second   CPU microseconds each");
        foreach (short silos in (short[])[1, 2])
        {
            await RunAsync("none", silos, static silo => silo.Services.AddKeyedSingleton<IGrainStorage>(
                JournalStorage.Name, static (_, _) => new FreeStorage()));
            await RunAsync("memory", silos, static silo => silo.AddMemoryGrainStorage(
                JournalStorage.Name,
                memory => memory.Configure<Serializer>((storage, serializer) =>
                    storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer))));
        }
    }

    private static async Task RunAsync(string storage, short silos, Action<ISiloBuilder> addStorage)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            addStorage(silo);
            silo.AddSignalbox(new ClusterSettings());
        });
        builder.ConfigureClient(static client => client.AddSignalbox(new ClusterSettings()));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var services = cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress);
        var grains = services.GetRequiredService<IGrainFactory>();
        var bare = Enumerable.Range(0, Names).Select(i => grains.GetGrain<IBareGrain>($"bare {i}")).ToArray();
        var engine = services.GetRequiredService<IEngine>();
        var keys = Enumerable.Range(0, Names).Select(i => engine.Hash($"key {i}")).ToArray();
        var queues = Enumerable.Range(0, Names).Select(i => engine.Queue($"queue {i}", QueuePart.Live)).ToArray();
        // The first rounds are compiled while they run.
        for (var round = 1; round <= Rounds; round++)
        {
            await MeasureAsync($"{storage,-8} {silos,5} {round,5}", "bare call", 200_000, async i => await bare[i % Names].EchoAsync(i));
            await MeasureAsync($"{storage,-8} {silos,5} {round,5}", "set", 80_000, async i => await keys[i % Names].SetAsync(Set, default));
            await MeasureAsync($"{storage,-8} {silos,5} {round,5}", "get", 200_000, async i => await keys[i % Names].GetAsync(default));
            await MeasureAsync($"{storage,-8} {silos,5} {round,5}", "push, pop, done", 40_000, async i =>
            {
                await queues[i % Names].PushAsync(Push, default);
                var popped = await queues[i % Names].PopAsync(Pop, default);
                await queues[i % Names].AcknowledgeAsync(popped.Receipt, default);
            });
        }
    }

    private static async Task MeasureAsync(string run, string name, int count, Func<int, Task> operation)
    {
        using var process = Process.GetCurrentProcess();
        var next = -1;
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;) await operation(i);
        }));

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        var each = (process.TotalProcessorTime - cpu).TotalMicroseconds / count;
        Console.WriteLine($"{run} {name,-15} {count / seconds,14:N0} {each,20:F1}");
    }
}
