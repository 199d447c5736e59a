using Signalbox.Conformance.Subjects;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;

namespace Signalbox.InProcess.Tests.Conformance;

// Hash keys and queues.
public sealed partial class InProcessConnection
{
    public async Task<Stored> SetAsync(string key, string value, SetCondition condition, TimeSpan? ttl, string? id)
    {
        long? version = null;
        var options = new SetOptions { Ttl = ttl, Id = id, If = condition };
        var outcome = await TryAsync(async () => version = await signalbox.SetAsync(key, ValueOf(value), options));
        return outcome == Outcome.Done && version is null ? new Stored(Outcome.Conflict, 0) : new Stored(outcome, version ?? 0);
    }

    public async Task<Kept?> GetAsync(string key) =>
        await signalbox.GetAsync(key) is { } entry ? new Kept(entry.Value.Text, entry.Version) : null;

    public async Task<Deleted> DeleteAsync(string key, SetCondition condition)
    {
        // The answer is one: was it deleted. With a version, not to be deleted is to have another one.
        long? version = condition.Kind == SetConditionKind.AtVersion ? condition.Version : null;
        var existed = await signalbox.DeleteAsync(key, version);
        return new Deleted(!existed && version is not null ? Outcome.Conflict : Outcome.Done, existed);
    }

    public async Task<Incremented> IncrementAsync(string key, long by, TimeSpan? ttl, string? id)
    {
        long sum = 0;
        var options = new IncrementOptions { Ttl = ttl, Id = id };
        var outcome = await TryAsync(async () => sum = await signalbox.IncrementAsync(key, by, options));
        return new Incremented(outcome, sum, Version: 0);
    }

    public Task<NamePage> KeysAsync(string prefix, string? cursor, int limit) =>
        PageAsync(signalbox.KeysAsync(prefix), cursor, limit);

    public Task<long> CountKeysAsync() => signalbox.CountKeysAsync();

    public Task<long> DeleteAllKeysAsync() => signalbox.DeleteAllKeysAsync();

    public Task<Outcome> PushAsync(string queue, string value, Pushing how)
    {
        var options = new PushOptions { Priority = how.Priority, Delay = how.Delay, Ttl = how.Ttl, Id = how.Id };
        return TryAsync(() => signalbox.PushAsync(queue, ValueOf(value), options));
    }

    public async Task<Popped?> PopAsync(string queue, TimeSpan? lease, TimeSpan? wait)
    {
        var item = await signalbox.PopAsync(queue, new PopOptions { Lease = lease, Wait = wait }, _closed.Token);
        if (item is null) return null;

        var receipt = item.IsLeased ? $"{item.Receipt.Item}-{item.Receipt.Lease}" : "";
        return new Popped(item.Text, receipt, item.Attempts);
    }

    public Task<Outcome> AcknowledgeAsync(string queue, string receipt) =>
        TryAsync(() => signalbox.AcknowledgeAsync(queue, Parse(receipt)));

    public Task<Outcome> ReturnAsync(string queue, string receipt, TimeSpan delay) =>
        TryAsync(() => signalbox.RejectAsync(queue, Parse(receipt), delay));

    public Task<Outcome> ExtendAsync(string queue, string receipt, TimeSpan lease) =>
        TryAsync(() => signalbox.ExtendAsync(queue, Parse(receipt), lease));

    public async Task<IReadOnlyList<string>> PeekAsync(string queue, int limit) =>
        [.. (await signalbox.PeekAsync(queue, limit)).Select(item => item.Payload.Text)];

    public Task<QueueCounts> CountItemsAsync(string queue) => signalbox.CountAsync(queue);

    public async Task<int> ClearAsync(string queue) => (int)await signalbox.ClearAsync(queue);

    public Task<NamePage> QueuesAsync(string prefix, string? cursor, int limit) =>
        PageAsync(signalbox.QueuesAsync(prefix).Select(queue => queue.Name), cursor, limit);

    public Task<long> ClearAllQueuesAsync() => signalbox.ClearAllQueuesAsync();

    private static Receipt Parse(string receipt)
    {
        var parts = receipt.Split('-').Select(long.Parse).ToList();
        return new Receipt(parts[0], (int)parts[1]);
    }
}
