using Signalbox.Conformance.Subjects;
using Subjects = Signalbox.Conformance.Subjects;

namespace Signalbox.Client.Conformance.Tests;

// Queues. The library's receipt is the item itself; here it has a name besides.
public sealed partial class ClientConnection
{
    public Task<Subjects.Outcome> PushAsync(string queue, string value, Pushing how)
    {
        var options = new PushOptions { Priority = how.Priority, Delay = how.Delay, Ttl = how.Ttl, Id = how.Id };
        return TryAsync(() => client.PushAsync(queue, value, options));
    }

    public async Task<Popped?> PopAsync(string queue, TimeSpan? lease, TimeSpan? wait)
    {
        var item = await client.PopAsync(queue, new PopOptions { Lease = lease, Wait = wait });
        if (item is null) return null;
        if (!item.IsLeased) return new Popped(item.Text, "", item.Attempts);

        var receipt = $"{item.Id} at attempt {item.Attempts}";
        _held[receipt] = item;
        return new Popped(item.Text, receipt, item.Attempts);
    }

    public Task<Subjects.Outcome> AcknowledgeAsync(string queue, string receipt) =>
        TryAsync(() => _held[receipt].AcknowledgeAsync());

    public Task<Subjects.Outcome> ReturnAsync(string queue, string receipt, TimeSpan delay) =>
        TryAsync(() => _held[receipt].RejectAsync(delay));

    public Task<Subjects.Outcome> ExtendAsync(string queue, string receipt, TimeSpan lease) =>
        TryAsync(() => _held[receipt].ExtendAsync(lease));

    public async Task<IReadOnlyList<string>> PeekAsync(string queue, int limit) =>
        [.. (await client.PeekAsync(queue, limit)).Select(item => item.Text)];

    public async Task<Core.Queues.QueueCounts> CountItemsAsync(string queue)
    {
        var counts = await client.CountAsync(queue);
        return new Core.Queues.QueueCounts((int)counts.Ready, (int)counts.Delayed, (int)counts.Leased, (int)counts.Dead);
    }

    public async Task<int> ClearAsync(string queue) => (int)await client.ClearAsync(queue);

    public Task<NamePage> QueuesAsync(string prefix, string? cursor, int limit) =>
        PageAsync(client.QueuesAsync(prefix).Select(queue => queue.Name), cursor, limit);

    public Task<long> ClearAllQueuesAsync() => client.ClearAllQueuesAsync();
}
