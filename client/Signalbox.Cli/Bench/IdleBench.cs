using System.Diagnostics;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

/// <summary>Opens connections with a subscription each and holds them: what does silence cost the server?</summary>
/// <remarks>A latency is that of one connection, from the first packet to the confirmed subscription.</remarks>
internal sealed class IdleBench(Run run, int connections) : IBench
{
    // Some at a time, as clients come after a restart; all at once would measure the backlog.
    private const int AtOnce = 16;

    private readonly string _prefix = $"bench/{Guid.NewGuid():N}/";

    public static IBench Create(Run run, BenchOptions options) => new IdleBench(run, options.ConnsOf(run));

    public Task PrepareAsync() => Task.CompletedTask;

    public async Task WorkAsync(Meter meter, CancellationToken stopping)
    {
        try
        {
            var opening = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping };
            await Parallel.ForAsync(0, connections, opening, (number, _) => OpenAsync(number, meter)).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    public Task CleanUpAsync() => Task.CompletedTask;

    private async ValueTask OpenAsync(int number, Meter meter)
    {
        var start = Stopwatch.GetTimestamp();
        var client = await run.ConnectAsync().ConfigureAwait(false);
        await client.SubscribeAsync($"{_prefix}{number}", cancellationToken: run.Broken).ConfigureAwait(false);
        meter.Done(start);
    }
}
