using Microsoft.Extensions.Logging;

namespace Signalbox.Client;

/// <summary>Workers that take items, run the handler while they extend the lease, and settle what came of it.</summary>
internal sealed partial class QueueProcessor(
    SignalboxClient client,
    string queue,
    Func<QueueItem, CancellationToken, ValueTask> handler,
    ProcessOptions options,
    SignalboxClientOptions clientOptions,
    ILogger logger)
{
    // Two extensions may get lost before the lease does.
    private const int ExtensionsInALease = 3;

    private readonly PopOptions _pop = new() { Wait = null, Lease = options.Lease };

    /// <summary>Runs until it is cancelled, and the handlers have ended; or until the server refuses to give items.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var workers = Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync(ending)).ToArray();
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task WorkAsync(CancellationTokenSource ending)
    {
        // Off the caller's thread, so that all workers begin at once.
        await Task.Yield();
        var backoff = new Backoff(clientOptions.ReconnectDelay, clientOptions.MaxReconnectDelay, clientOptions.Random);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var item = await client.PopAsync(queue, _pop, ending.Token).ConfigureAwait(false);
                backoff.Reset();
                if (item is not null) await HandleAsync(item, ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (MayPass(e))
            {
                var pause = (e as SignalboxException)?.RetryAfter ?? backoff.Next();
                var pausing = Task.Delay(pause, clientOptions.TimeProvider, ending.Token);
                LogPopFailed(queue, e.Message, pause);
                await pausing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch
            {
                await ending.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private bool MayPass(Exception e) =>
        e is SignalboxException { MayRetry: true } or SignalboxTimeoutException
        || (e is SignalboxConnectionLostException && client.Reconnects);

    private async Task HandleAsync(QueueItem item, CancellationToken stopping)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var extensions = new PeriodicTimer(options.Lease / ExtensionsInALease, clientOptions.TimeProvider);
        var extending = ExtendAsync(item, extensions, running);
        var settle = await RunHandlerAsync(item, running.Token).ConfigureAwait(false);
        extensions.Dispose();
        var isOurs = await extending.ConfigureAwait(false);
        if (!isOurs || item.IsSettled) return;

        try
        {
            await settle().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SignalboxException or SignalboxTimeoutException or SignalboxConnectionLostException)
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
            await handler(item, running).ConfigureAwait(false);
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
        while (await extensions.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (item.IsSettled) return true;

            try
            {
                await item.ExtendAsync(options.Lease, CancellationToken.None).ConfigureAwait(false);
            }
            catch (SignalboxException) when (item.IsSettled)
            {
                return true;
            }
            catch (SignalboxException e) when (!e.MayRetry)
            {
                LogLeaseLost(queue, item.Id);
                await running.CancelAsync().ConfigureAwait(false);
                return false;
            }
            catch (Exception e) when (e is SignalboxException or SignalboxTimeoutException or SignalboxConnectionLostException)
            {
                // The next one may succeed, and in time.
            }
        }

        return true;
    }

    private TimeSpan DelayAfter(int attempts)
    {
        var delay = options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(delay, options.MaxRetryDelay.TotalMilliseconds));
    }

    [LoggerMessage(7030, LogLevel.Warning, "Queue {Queue} gives no items: {Reason} Next try in {Pause}")]
    private partial void LogPopFailed(string queue, string reason, TimeSpan pause);

    [LoggerMessage(7031, LogLevel.Warning, "Item {Item} of queue {Queue} is not settled and will come back")]
    private partial void LogNotSettled(string queue, long item, Exception reason);

    [LoggerMessage(7032, LogLevel.Error, "Item {Item} of queue {Queue} failed at attempt {Attempt} and comes back in {Delay}")]
    private partial void LogHandlerFailed(string queue, long item, int attempt, TimeSpan delay, Exception failure);

    [LoggerMessage(7033, LogLevel.Warning, "The lease of item {Item} of queue {Queue} is lost")]
    private partial void LogLeaseLost(string queue, long item);
}
