using System.Diagnostics;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

/// <summary>
/// Runs a bench for a time, with a line of progress each second, and reports what it did and what it cost the server.
/// </summary>
internal sealed class Benchmark(Run run, string name, IBench bench, TimeSpan duration)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    public async Task<ExitCode> RunAsync()
    {
        await bench.PrepareAsync().ConfigureAwait(false);
        var server = ServerProcess.Find(run.Options.Endpoints[0]);
        var before = server?.Read();
        var meter = new Meter();
        var start = Stopwatch.GetTimestamp();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Ending);
        stop.CancelAfter(duration);
        var progress = TellProgressAsync(meter, start, stop.Token);
        try
        {
            await bench.WorkAsync(meter, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await progress.ConfigureAwait(false);
        }

        if (run.IsLost) throw run.Lost(new IOException("The server closed it."));

        var elapsed = Stopwatch.GetElapsedTime(start);
        var after = server?.Read();
        await bench.CleanUpAsync().ConfigureAwait(false);
        new BenchReport(name, elapsed, Stopwatch.GetElapsedTime(start, meter.LastDone), meter, before, after).Print(run.Printer);
        return ExitCode.Done;
    }

    private async Task TellProgressAsync(Meter meter, long start, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ProgressInterval, run.Clock);
        var (lastCount, lastTime) = (0L, start);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                var (count, now) = (meter.Count, Stopwatch.GetTimestamp());
                var rate = (count - lastCount) / Stopwatch.GetElapsedTime(lastTime, now).TotalSeconds;
                var seconds = Stopwatch.GetElapsedTime(start, now).TotalSeconds;
                var line = $"{seconds,4:0} s  {rate,12:N0}/s  p99 {Line.Of(meter.Percentile(0.99))}";
                await run.Terminal.Error.WriteLineAsync(line).ConfigureAwait(false);
                (lastCount, lastTime) = (count, now);
            }
        }
        catch (OperationCanceledException)
        {
            // The bench is over.
        }
    }
}
