using Orleans.Streams;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>Gives a pulling agent what comes into an inbox, as soon as it comes: who asks is kept until there is
/// something, so that nothing is polled.</summary>
internal sealed class InboxReceiver(InboxQueue? queue) : IQueueAdapterReceiver, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    // Tokens must rise across receivers of one stream too.
    private long _number = TimeProvider.System.GetUtcNow().Ticks;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        if (queue is null) return [];

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            await queue.WhenAnyAsync().WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return [];
        }

        if (queue.TryTake() is not { } pack) return [];
        return [new InboxBatch(StreamId.Create(InboxStream.Namespace, queue.Node), ++_number, pack)];
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public async Task Shutdown(TimeSpan timeout)
    {
        await _over.CancelAsync();
        Dispose();
    }

    public void Dispose() => _over.Dispose();
}
