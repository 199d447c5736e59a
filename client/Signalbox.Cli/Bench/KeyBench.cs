using System.Diagnostics;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Bench;

/// <summary>Each lane sets a key of its own and gets it, over and over.</summary>
internal sealed class KeyBench(Run run, int connections, int depth, int size) : IBench
{
    private readonly string _prefix = $"bench/{Guid.NewGuid():N}/";
    private readonly List<SignalboxClient> _clients = [];

    public static IBench Create(Run run, BenchOptions options) =>
        new KeyBench(run, options.ConnsOf(run), options.DepthOf(run), options.SizeOf(run));

    public async Task PrepareAsync()
    {
        for (var i = 0; i < connections; i++) _clients.Add(await run.ConnectAsync().ConfigureAwait(false));
    }

    public Task WorkAsync(Meter meter, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, connections * depth).Select(lane => WorkAsync(lane, meter, stopping)));

    public Task CleanUpAsync() =>
        Task.WhenAll(Enumerable.Range(0, connections * depth).Select(lane => ClientOf(lane).DeleteAsync(KeyOf(lane))));

    private async Task WorkAsync(int lane, Meter meter, CancellationToken stopping)
    {
        var client = ClientOf(lane);
        var key = KeyOf(lane);
        while (!stopping.IsCancellationRequested)
        {
            var value = Stamp.Make(lane, size);
            var start = Stopwatch.GetTimestamp();
            await client.SetAsync(key, value, cancellationToken: run.Broken).ConfigureAwait(false);
            meter.Done(start);

            start = Stopwatch.GetTimestamp();
            await client.GetAsync(key, run.Broken).ConfigureAwait(false);
            meter.Done(start);
        }
    }

    private SignalboxClient ClientOf(int lane) => _clients[lane % connections];

    private string KeyOf(int lane) => $"{_prefix}{lane}";
}
