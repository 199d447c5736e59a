using BenchmarkDotNet.Attributes;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Benchmarks;

/// <summary>A batch of publishes to one channel, with its fan-out: as one read of eight pipelined commands gives it.</summary>
[MemoryDiagnoser]
public class PublishBenchmarks
{
    private const int Batch = 8;

    private readonly BenchEngine _bench = new();
    private readonly Payload _payload = new(Filler(), PayloadKind.Text);
    private IChannel _channel = null!; // Set up before every benchmark.

    [Params(0, 1, 1000)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await _bench.JoinAsync();
        _channel = _bench.Engine.Channel("bench");
        var format = new FrameFormat();
        for (var i = 0; i < Subscribers; i++)
        {
            var subscriber = new CountingSubscriber(format, $"{i}");
            var subscription = await _bench.Node.SubscribeAsync(subscriber, "bench", CancellationToken.None);
            subscription.GoLive(new ChannelPosition("", 0));
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _bench.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task<long> PublishAsync()
    {
        long last = 0;
        Turn.Begin();
        for (var i = 0; i < Batch; i++)
        {
            var request = new PublishRequest(_payload, Headers.None, "127.0.0.1:1", null, Retain: false, Id: null);
            last = (await _channel.PublishAsync(request, CancellationToken.None)).Offset;
        }

        Turn.End();
        return last;
    }

    // Letters, as most payloads are: what has to be escaped costs more.
    private static byte[] Filler()
    {
        var bytes = new byte[128];
        bytes.AsSpan().Fill((byte)'x');
        return bytes;
    }
}
