using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Bench;

/// <summary>
/// Publishers on their own connections, each with some messages under way, to one channel that many connections
/// read. A message is under way until every subscriber has it: so the server is never driven beyond what its readers
/// take, and the latency is that of the way and not of a growing line.
/// </summary>
internal sealed class FanoutBench(Run run, int subs, int publishers, int depth, int size) : IBench
{
    private readonly string _channel = $"bench/{Guid.NewGuid():N}";
    private readonly List<SignalboxClient> _publishers = [];
    private readonly List<Subscription> _subscriptions = [];
    private readonly Slot[] _slots = [.. Enumerable.Range(0, publishers * depth).Select(_ => new Slot())];

    public static IBench Create(Run run, BenchOptions options) =>
        new FanoutBench(run, options.SubsOf(run), options.ConnsOf(run), options.DepthOf(run), options.SizeOf(run));

    public async Task PrepareAsync()
    {
        for (var i = 0; i < subs; i++)
        {
            var client = await run.ConnectAsync().ConfigureAwait(false);
            _subscriptions.Add(await client.SubscribeAsync(_channel, cancellationToken: run.Ending).ConfigureAwait(false));
        }

        for (var i = 0; i < publishers; i++) _publishers.Add(await run.ConnectAsync().ConfigureAwait(false));
    }

    public async Task WorkAsync(Meter meter, CancellationToken stopping)
    {
        using var allSent = CancellationTokenSource.CreateLinkedTokenSource(run.Broken);
        var reading = _subscriptions.Select(subscription => ReadAsync(subscription, meter, allSent.Token)).ToList();
        try
        {
            await Task.WhenAll(_slots.Select((_, slot) => PublishAsync(slot, stopping))).ConfigureAwait(false);
        }
        finally
        {
            await allSent.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading).ConfigureAwait(false);
        }
    }

    public Task CleanUpAsync() => Task.CompletedTask;

    private async Task PublishAsync(int slot, CancellationToken stopping)
    {
        var publisher = _publishers[slot % publishers];
        while (!stopping.IsCancellationRequested)
        {
            var everybody = _slots[slot].Begin(subs);
            await publisher.PublishAsync(_channel, Stamp.Make(slot, size), cancellationToken: run.Broken).ConfigureAwait(false);
            await everybody.WaitAsync(run.Broken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(Subscription subscription, Meter meter, CancellationToken stopping)
    {
        try
        {
            await foreach (var message in subscription.WithCancellation(stopping).ConfigureAwait(false))
            {
                if (!Stamp.TryRead(message.Value, out var slot, out var timestamp)) continue;

                meter.Done(timestamp);
                _slots[slot].Received();
            }
        }
        catch (OperationCanceledException)
        {
            // Everything that was published has been read.
        }
    }

    /// <summary>One message under way, and how many subscribers have yet to get it.</summary>
    private sealed class Slot
    {
        private TaskCompletionSource _everybody = new();
        private int _missing;

        public Task Begin(int readers)
        {
            _everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, readers);
            return _everybody.Task;
        }

        public void Received()
        {
            if (Interlocked.Decrement(ref _missing) == 0) _everybody.TrySetResult();
        }
    }
}
