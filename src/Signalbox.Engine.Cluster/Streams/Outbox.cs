using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>
/// What a grain sends to nodes. To each at most one pack is under way; what comes meanwhile gathers and goes with the
/// next, so that order holds and a node that is slow gets fewer and larger packs.
/// </summary>
/// <remarks>Used from its grain's turns only.</remarks>
/// <param name="channel">Whose audiences the nodes are asked to count; null where nobody wants to know.</param>
/// <param name="whenWritten">Waits until all that happened so far is stored: nobody is told what could be undone.</param>
internal sealed class Outbox(INodeLines lines, string? channel, int maxBacklog, Func<ValueTask> whenWritten)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Sends to each of these nodes once.</summary>
    /// <returns>How many connections have it there.</returns>
    public Task<int> SendAsync(Delivery delivery, IReadOnlyCollection<string> nodes)
    {
        if (nodes.Count == 0) return Task.FromResult(0);

        var handed = new Handed(nodes.Count);
        foreach (var node in nodes)
        {
            if (!_lines.TryGetValue(node, out var line)) _lines[node] = line = new Line(this, node);
            line.Add(delivery, handed);
        }

        return handed.Counted;
    }

    /// <summary>The node is gone, and what waits for it is for nobody.</summary>
    public void Lose(string node)
    {
        if (_lines.Remove(node, out var line)) line.Close();
    }

    /// <summary>The nodes that have a delivery, and how many connections they say that is.</summary>
    private sealed class Handed(int nodes)
    {
        private readonly TaskCompletionSource<int> _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = nodes;
        private int _sum;

        public Task<int> Counted => _counted.Task;

        public void Add(int count)
        {
            _sum += count;
            if (--_missing == 0) _counted.TrySetResult(_sum);
        }
    }

    private readonly record struct Waiting(Delivery Delivery, Handed? Handed);

    /// <summary>What waits for one node.</summary>
    private sealed class Line(Outbox outbox, string node)
    {
        private const int MaxPack = 512;

        /// <summary>Publishers wait no longer than this for a node to count; then what it said last stands for it.</summary>
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
        private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

        private readonly Queue<Waiting> _waiting = [];
        private int _lastCount;
        private bool _isSending;
        private bool _isStuck;
        private bool _isClosed;

        public void Add(Delivery delivery, Handed handed)
        {
            // Of too many the oldest are dropped: the node sees the hole, and reads it in the history.
            if (_waiting.Count >= outbox.MaxBacklog) _waiting.Dequeue().Handed?.Add(0);
            if (_isStuck) handed.Add(_lastCount);
            _waiting.Enqueue(new Waiting(delivery, _isStuck ? null : handed));
            if (!_isSending) _ = SendAllAsync();
        }

        public void Close()
        {
            _isClosed = true;
            Drop();
        }

        private void Drop()
        {
            while (_waiting.TryDequeue(out var rest)) rest.Handed?.Add(0);
        }

        private async Task SendAllAsync()
        {
            _isSending = true;
            try
            {
                while (_waiting.Count > 0)
                {
                    var count = Math.Min(_waiting.Count, MaxPack);
                    await outbox.WhenWritten();
                    await SendAsync([.. Take(count)]);
                }
            }
            catch (LogFailedException)
            {
                // Nobody hears of what may not be stored. It may all the same, and this activation stay, where it is not
                // known for a moment whether the others went on without us: what follows shows the node the hole.
                Drop();
            }
            finally
            {
                _isSending = false;
            }
        }

        private IEnumerable<Waiting> Take(int count)
        {
            for (var i = 0; i < count && _waiting.TryDequeue(out var next); i++) yield return next;
        }

        private async Task SendAsync(List<Waiting> batch)
        {
            var pause = ShortestPause;
            while (batch.Count > 0 && !_isClosed)
            {
                var hasArrived = await TrySendAsync(batch);
                foreach (var (_, handed) in batch) handed?.Add(_lastCount);
                _isStuck = !hasArrived;
                if (hasArrived) return;

                // Only what carries a number can be sent twice: the node drops what it has.
                batch = [.. batch.Where(one => one.Delivery is MessageDelivery).Select(one => one with { Handed = null })];
                await Task.Delay(pause);
                pause = pause < LongestPause ? pause * 2 : LongestPause;
                if (!outbox.Lines.Knows(node) && pause >= LongestPause) return;
            }

            foreach (var (_, handed) in batch) handed?.Add(0);
        }

        private async Task<bool> TrySendAsync(List<Waiting> batch)
        {
            try
            {
                var counting = outbox.Channel is { } channel ? outbox.Lines.CountAudienceAsync(node, channel).AsTask() : null;
                await outbox.Lines.PutAsync(node, new DeliveryPack([.. batch.Select(one => one.Delivery)])).WaitAsync(Patience);
                if (counting is not null) _lastCount = await counting.WaitAsync(Patience);
                return true;
            }
            catch (InboxException)
            {
                return false;
            }
            // The node's silo is gone, or does not answer.
            catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
            {
                return false;
            }
        }
    }

    private INodeLines Lines => lines;

    private string? Channel => channel;

    private int MaxBacklog => maxBacklog;

    private Func<ValueTask> WhenWritten => whenWritten;
}
