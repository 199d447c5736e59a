using System.Collections.Concurrent;
using Orleans.Streams;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>
/// The inboxes of this silo. Each has a pulling agent of its own, here where it is, so that no node waits for another.
/// </summary>
internal sealed class InboxQueues : IStreamQueueBalancer
{
    private readonly ConcurrentDictionary<QueueId, InboxQueue> _queues = new();
    private readonly ConcurrentDictionary<IStreamQueueBalanceListener, bool> _listeners = new();

    public InboxQueue Open(string node)
    {
        var id = IdOf(node);
        var queue = _queues.GetOrAdd(id, static (id, node) => new InboxQueue(node, id), node);
        TellListeners();
        return queue;
    }

    public void Close(InboxQueue queue)
    {
        if (!_queues.TryRemove(KeyValuePair.Create(queue.Id, queue))) return;

        queue.Close();
        TellListeners();
    }

    public InboxQueue? Find(QueueId id) => _queues.GetValueOrDefault(id);

    public static QueueId IdOf(string node) => QueueId.GetQueueId(node, 0, 0);

    public IEnumerable<QueueId> GetMyQueues() => _queues.Keys;

    public Task Initialize(IStreamQueueMapper queueMapper) => Task.CompletedTask;

    public Task Shutdown() => Task.CompletedTask;

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) =>
        _listeners.TryAdd(observer, true);

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) =>
        _listeners.TryRemove(observer, out _);

    private void TellListeners()
    {
        foreach (var (listener, _) in _listeners) _ = listener.QueueDistributionChangeNotification();
    }
}
