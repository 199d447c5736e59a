using System.Collections.Concurrent;
using System.Diagnostics;
using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Many who write at once, whatever happens meanwhile, and exactly what each of them was told.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>Enough to be always in the middle of something, and little enough that nothing is late for it.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<TaskCompletionSource, long> _awaited = new();
    private readonly List<Task> _writing = [];
    private readonly Lock _gate = new();
    private (TimeSpan Time, string Step) _longest;
    private long _acknowledged;

    /// <param name="withIds">Whether what is sent may be sent again.</param>
    public Load(SignalboxClient client, bool withIds)
    {
        Keys = new KeyLoad(client, withIds);
        Queues = new QueueLoad(client, withIds);
        Channels = new ChannelLoad(client, withIds);
        Counters = new CounterLoad(client, withIds);
        IEnumerable<Step> steps = [.. Keys.Steps, .. Counters.Steps, .. Queues.Steps, .. Channels.Steps];
        _writing.AddRange(steps.Select(WriteAsync));
    }

    public KeyLoad Keys { get; }

    public CounterLoad Counters { get; }

    public QueueLoad Queues { get; }

    public ChannelLoad Channels { get; }

    /// <summary>What was answered with an error, or not at all.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Waits until so much more has been confirmed.</summary>
    public async Task ConfirmedAsync(int more)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[reached] = Interlocked.Read(ref _acknowledged) + more;
        try
        {
            await reached.Task.WaitAsync(Child.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The load does not get on; it was told: {string.Join('\n', _failures.TakeLast(5))}");
        }
    }

    /// <summary>Ends, and looks whether everything that was confirmed is there, as a client of now sees it.</summary>
    public async Task EndAsync(SignalboxClient client)
    {
        await StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_acknowledged} confirmed, {_failures.Count} failed; the longest took {_longest.Time.TotalSeconds:F2} s: {_longest.Step}");
        foreach (var failure in _failures.Distinct().Take(10)) TestContext.Current.TestOutputHelper?.WriteLine(failure);
        // An error is an answer, too; nobody is left without one.
        Assert.DoesNotContain(_failures, one => one.Contains(nameof(SignalboxTimeoutException), StringComparison.Ordinal));
        await Keys.CheckAsync(client);
        await Counters.CheckAsync(client);
        await Queues.CheckAsync(client);
        await Channels.CheckAsync(client);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _over.Dispose();
    }

    private async Task StopAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_writing);
    }

    private async Task WriteAsync(Step step)
    {
        using var pace = new PeriodicTimer(Pace);
        for (var n = 1L; !_over.IsCancellationRequested; n++)
        {
            await pace.WaitForNextTickAsync();
            var start = Stopwatch.GetTimestamp();
            try
            {
                await step.Do(n);
                Count();
            }
            catch (Exception e) when (IsOutage(e))
            {
                _failures.Enqueue($"{step.Name}: {e.GetType().Name}: {e.Message}");
            }

            Note(Stopwatch.GetElapsedTime(start), step.Name);
        }
    }

    private void Note(TimeSpan time, string step)
    {
        lock (_gate)
        {
            if (time > _longest.Time) _longest = (time, step);
        }
    }

    private static bool IsOutage(Exception e) =>
        e is SignalboxException or SignalboxConnectionLostException or SignalboxTimeoutException;

    private void Count()
    {
        var count = Interlocked.Increment(ref _acknowledged);
        foreach (var (reached, at) in _awaited)
        {
            if (count >= at && _awaited.TryRemove(reached, out _)) reached.SetResult();
        }
    }
}
