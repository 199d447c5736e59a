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
/// costs nothing, which leaves what is ours, and once with Orleans' storage in memory, which is another call of a grain. What
/// is printed are medians of the rounds; "bare calls" says how many bare calls of the same round an operation costs.
/// </summary>
internal static class Program
{
    private const int AtOnce = 64;
    private const int Names = 400;
    private const int WarmUps = 4;
    private const int Rounds = 9;

    private static readonly Payload Value = new(Encoding.UTF8.GetBytes(new string('7', 128)), PayloadKind.Json);
    private static readonly SetRequest Set = new(Value, null, null, SetCondition.Always, null);
    private static readonly PushRequest Push = new(Value, Headers.None, 0, TimeSpan.Zero, null, null);
    private static readonly PopRequest Pop = new(Lease: null, Wait: TimeSpan.Zero);

    private static async Task Main()
    {
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
        Console.WriteLine();
        Console.WriteLine($"{silos} silos, storage {storage}");
        Console.WriteLine("operation          per second   CPU us each   bare calls   bytes allocated each");
        // The first rounds are compiled while they run.
        for (var round = 1; round <= WarmUps; round++) await RunRoundAsync();
        var all = new List<Measured[]>();
        for (var round = 1; round <= Rounds; round++) all.Add(await RunRoundAsync());
        for (var i = 0; i < all[0].Length; i++)
        {
            Console.WriteLine(
                $"{all[0][i].Name,-15} {Median(all.Select(round => round[i].PerSecond)),13:N0}"
                + $" {Median(all.Select(round => round[i].Cpu)),13:F1}"
                + $" {Median(all.Select(round => round[i].Cpu / round[0].Cpu)),12:F1}"
                + $" {Median(all.Select(round => round[i].Bytes)),22:N0}");
        }

        async Task<Measured[]> RunRoundAsync() =>
        [
            await MeasureAsync("bare call", 200_000, async i => await bare[i % Names].EchoAsync(i)),
            await MeasureAsync("set", 80_000, async i => await keys[i % Names].SetAsync(Set, default)),
            await MeasureAsync("get", 200_000, async i => await keys[i % Names].GetAsync(default)),
            await MeasureAsync("push, pop, done", 40_000, async i =>
            {
                await queues[i % Names].PushAsync(Push, default);
                var popped = await queues[i % Names].PopAsync(Pop, default);
                await queues[i % Names].AcknowledgeAsync(popped.Receipt, default);
            }),
        ];
    }

    private static async Task<Measured> MeasureAsync(string name, int count, Func<int, Task> operation)
    {
        using var process = Process.GetCurrentProcess();
        var next = -1;
        var allocated = GC.GetTotalAllocatedBytes();
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;) await operation(i);
        }));

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new Measured(
            name,
            count / seconds,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / count,
            (GC.GetTotalAllocatedBytes() - allocated) / (double)count);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private sealed record Measured(string Name, double PerSecond, double Cpu, double Bytes);
}
