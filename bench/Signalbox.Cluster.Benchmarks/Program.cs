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
/// with two silos (in this one process, whose CPU is that of both) half of it is at the other.
/// </summary>
internal static class Program
{
    private const int AtOnce = 64;
    private const int Names = 400;
    private const int Rounds = 4;

    private static readonly Payload Value = new(Encoding.UTF8.GetBytes(new string('7', 128)), PayloadKind.Json);
    private static readonly SetRequest Set = new(Value, null, null, SetCondition.Always, null);
    private static readonly PushRequest Push = new(Value, Headers.None, 0, TimeSpan.Zero, null, null);
    private static readonly PopRequest Pop = new(Lease: null, Wait: TimeSpan.Zero);

    private static async Task Main()
    {
        Console.WriteLine("silos round operation          per second   CPU microseconds each");
        foreach (short silos in (short[])[1, 2]) await RunAsync(silos);
    }

    private static async Task RunAsync(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo(static (_, silo) => silo
            .AddMemoryGrainStorage(JournalStorage.Name, memory => memory.Configure<Serializer>((storage, serializer) =>
                storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)))
            .AddSignalbox(new ClusterSettings()));
        builder.ConfigureClient(static client => client.AddSignalbox(new ClusterSettings()));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var engine = cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress).GetRequiredService<IEngine>();
        var keys = Enumerable.Range(0, Names).Select(i => engine.Hash($"key {i}")).ToArray();
        var queues = Enumerable.Range(0, Names).Select(i => engine.Queue($"queue {i}", QueuePart.Live)).ToArray();
        // The first rounds are compiled while they run.
        for (var round = 1; round <= Rounds; round++)
        {
            await MeasureAsync(silos, round, "set", 40_000, async i => await keys[i % Names].SetAsync(Set, default));
            await MeasureAsync(silos, round, "get", 200_000, async i => await keys[i % Names].GetAsync(default));
            await MeasureAsync(silos, round, "push and pop", 20_000, async i =>
            {
                await queues[i % Names].PushAsync(Push, default);
                await queues[i % Names].PopAsync(Pop, default);
            });
        }
    }

    private static async Task MeasureAsync(int silos, int round, string name, int count, Func<int, Task> operation)
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
        Console.WriteLine($"{silos,5} {round,5} {name,-15} {count / seconds,14:N0} {each,20:F1}");
    }
}
