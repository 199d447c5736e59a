using Microsoft.Extensions.Logging;

namespace Signalbox.InProcess;

/// <summary>Workers that take items, run the handler while they extend the lease, and settle what came of it.</summary>
internal sealed partial class QueueProcessor(
    InProcessSignalbox signalbox,
    string queue,
    Func<QueueItem, CancellationToken, ValueTask> handler,
    ProcessOptions options,
    ILogger logger)
{
    // Two extensions may come too late before the lease is lost.
    private const int ExtensionsInALease = 3;

    private readonly PopOptions _pop = new() { Wait = null, Lease = options.Lease };

    /// <summary>Runs until it is cancelled and the handlers have ended, or the queue refuses to give items.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync(ending)));
    }

    private async Task WorkAsync(CancellationTokenSource ending)
    {
        // Off the caller's thread, so that all workers begin at once.
        await Task.Yield();
        try
        {
            while (!ending.IsCancellationRequested)
            {
                if (await signalbox.PopAsync(queue, _pop, ending.Token) is { } item) await HandleAsync(item, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // That is how it ends.
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }

    private async Task HandleAsync(QueueItem item, CancellationToken stopping)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var extensions = new PeriodicTimer(options.Lease / ExtensionsInALease, signalbox.Clock);
        var extending = ExtendAsync(item, extensions, running);
        var settle = await RunHandlerAsync(item, running.Token);
        extensions.Dispose();
        var isOurs = await extending;
        if (!isOurs || item.IsSettled) return;

        try
        {
            await settle();
        }
        catch (SignalboxException e)
        {
            // The item comes back when its lease ends, and is done once more.
            LogNotSettled(queue, item.Id, e);
        }
    }

    /// <returns>What is to be said of the item.</returns>
    private async Task<Func<Task>> RunHandlerAsync(QueueItem item, CancellationToken running)
    {
        try
        {
            await handler(item, running);
            return () => item.AcknowledgeAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            return () => item.RejectAsync(TimeSpan.Zero, CancellationToken.None);
        }
        catch (Exception e)
        {
            var delay = DelayAfter(item.Attempts);
            LogHandlerFailed(queue, item.Id, item.Attempts, delay, e);
            return () => item.RejectAsync(delay, CancellationToken.None);
        }
    }

    /// <returns>Whether the item is still ours. Where it is not, the handler's token is cancelled.</returns>
    private async Task<bool> ExtendAsync(QueueItem item, PeriodicTimer extensions, CancellationTokenSource running)
    {
        while (await extensions.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                if (!item.IsSettled) await item.ExtendAsync(options.Lease, CancellationToken.None);
            }
            catch (SignalboxException e) when (!item.IsSettled && !e.MayRetry)
            {
                LogLeaseLost(queue, item.Id);
                await running.CancelAsync();
                return false;
            }
            catch (SignalboxException)
            {
                // It was settled meanwhile; or the next extension may succeed, and in time.
            }
        }

        return true;
    }

    private TimeSpan DelayAfter(int attempts)
    {
        var delay = options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(delay, options.MaxRetryDelay.TotalMilliseconds));
    }

    [LoggerMessage(6001, LogLevel.Warning, "Item {Item} of queue {Queue} is not settled and will come back")]
    private partial void LogNotSettled(string queue, long item, Exception reason);

    [LoggerMessage(6002, LogLevel.Error, "Item {Item} of queue {Queue} failed at attempt {Attempt} and comes back in {Delay}")]
    private partial void LogHandlerFailed(string queue, long item, int attempt, TimeSpan delay, Exception failure);

    [LoggerMessage(6003, LogLevel.Warning, "The lease of item {Item} of queue {Queue} is lost")]
    private partial void LogLeaseLost(string queue, long item);
}
