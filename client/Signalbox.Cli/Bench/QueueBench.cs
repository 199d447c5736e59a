using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Bench;

/// <summary>Each lane pushes an item to the one queue, reserves the next and acknowledges it, over and over.</summary>
internal sealed class QueueBench(Run run, int connections, int depth, int size) : IBench
{
    private static readonly PopOptions Reserve = new() { Lease = TimeSpan.FromSeconds(30), Wait = TimeSpan.FromSeconds(10) };

    private readonly string _queue = $"bench/{Guid.NewGuid():N}";
    private readonly List<SignalboxClient> _clients = [];

    public static IBench Create(Run run, BenchOptions options) =>
        new QueueBench(run, options.ConnsOf(run), options.DepthOf(run), options.SizeOf(run));

    public async Task PrepareAsync()
    {
        for (var i = 0; i < connections; i++) _clients.Add(await run.ConnectAsync().ConfigureAwait(false));
    }

    public Task WorkAsync(Meter meter, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, connections * depth).Select(lane => WorkAsync(lane, meter, stopping)));

    public Task CleanUpAsync() => _clients[0].ClearAsync(_queue);

    private async Task WorkAsync(int lane, Meter meter, CancellationToken stopping)
    {
        var client = _clients[lane % connections];
        while (!stopping.IsCancellationRequested)
        {
            // Another lane may take this one's item: there is always one for each all the same.
            await client.PushAsync(_queue, Stamp.Make(lane, size), cancellationToken: run.Broken).ConfigureAwait(false);
            var item = await client.PopAsync(_queue, Reserve, run.Broken).ConfigureAwait(false);
            if (item is null) continue;

            await item.AcknowledgeAsync(run.Broken).ConfigureAwait(false);
            if (Stamp.TryRead(item.Value, out _, out var pushed)) meter.Done(pushed);
        }
    }
}
