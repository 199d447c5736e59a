using BenchmarkDotNet.Attributes;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Hashes;

namespace Signalbox.Benchmarks;

/// <summary>set and get of a warm key.</summary>
[MemoryDiagnoser]
public class HashBenchmarks
{
    private readonly BenchEngine _bench = new();
    private readonly SetRequest _request = new(
        new Payload(new byte[128], PayloadKind.Text), ExpiresAt: null, Ttl: null, SetCondition.Always, Id: null);

    [GlobalSetup]
    public async Task SetUpAsync() => await _bench.Engine.Hash("key").SetAsync(_request, CancellationToken.None);

    [GlobalCleanup]
    public void CleanUp() => _bench.Dispose();

    [Benchmark]
    public ValueTask<SetAnswer> SetAsync() => _bench.Engine.Hash("key").SetAsync(_request, CancellationToken.None);

    [Benchmark]
    public ValueTask<HashValue?> GetAsync() => _bench.Engine.Hash("key").GetAsync(CancellationToken.None);
}
