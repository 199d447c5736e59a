using BenchmarkDotNet.Attributes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Queues;

namespace Signalbox.Benchmarks;

/// <summary>push, pop and acknowledge of one item, in a queue that holds this many others.</summary>
[MemoryDiagnoser]
public class QueueBenchmarks
{
    private readonly BenchEngine _bench = new();
    private readonly PushRequest _push = new(
        new Payload(new byte[128], PayloadKind.Text), Headers.None, Priority: 0, TimeSpan.Zero, Ttl: null, Id: null);

    private readonly PopRequest _pop = new(Lease: null, TimeSpan.Zero);
    private IQueue _queue = null!; // Set up before every benchmark.

    [Params(0, 1_000_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _queue = _bench.Engine.Queue("queue", QueuePart.Live);
        for (var i = 0; i < Others; i++) await _queue.PushAsync(_push, CancellationToken.None);
    }

    [GlobalCleanup]
    public void CleanUp() => _bench.Dispose();

    [Benchmark]
    public async Task<Refusal> PushPopAsync()
    {
        await _queue.PushAsync(_push, CancellationToken.None);
        var popped = await _queue.PopAsync(_pop, CancellationToken.None);
        return await _queue.AcknowledgeAsync(popped.Receipt, CancellationToken.None);
    }
}
