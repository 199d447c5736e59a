using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;

namespace Signalbox.Conformance.Subjects;

/// <summary>Somebody who is connected, and all that can be said.</summary>
/// <remarks>
/// Values are texts. What is said on one connection is done in the order in which it was said, awaited or not; only a
/// pop that waits is answered later. To dispose it is to be gone: its subscriptions and waiting pops end.
/// A queue named <c>$dead/NAME</c> is the dead letters of the queue NAME.
/// </remarks>
public interface IConnection : IAsyncDisposable
{
    /// <param name="from">The position that it has seen; null for a new subscriber.</param>
    Task<Entered> SubscribeAsync(string channelOrFilter, ChannelPosition? from);

    Task UnsubscribeAsync(string channelOrFilter);

    /// <param name="id">Idempotency id; null for none.</param>
    Task<Published> PublishAsync(string channel, string value, string? id);

    /// <returns>How many connections it was handed to.</returns>
    Task<int> BroadcastAsync(string value, bool toSelf);

    /// <summary>Everything that came for this connection so far, in order, once there are at least so many.</summary>
    Task<IReadOnlyList<Received>> WaitForAsync(int count);

    Task<HistoryPage> HistoryAsync(string channel, long since, int limit, bool reverse);

    /// <returns>The names of those present, in no order; null where the channel keeps no presence.</returns>
    Task<IReadOnlyList<string>?> PresenceAsync(string channel);

    Task<NamePage> ChannelsAsync(string prefix, string? cursor, int limit);

    Task<Stored> SetAsync(string key, string value, SetCondition condition, TimeSpan? ttl, string? id);

    Task<Kept?> GetAsync(string key);

    Task<Deleted> DeleteAsync(string key, SetCondition condition);

    Task<Incremented> IncrementAsync(string key, long by, TimeSpan? ttl, string? id);

    Task<NamePage> KeysAsync(string prefix, string? cursor, int limit);

    Task<long> CountKeysAsync();

    Task<long> DeleteAllKeysAsync();

    Task<Outcome> PushAsync(string queue, string value, Pushing how);

    /// <param name="lease">How long it is held; null to have it for good.</param>
    /// <param name="wait">Zero not to wait, null to wait for ever.</param>
    Task<Popped?> PopAsync(string queue, TimeSpan? lease, TimeSpan? wait);

    Task<Outcome> AcknowledgeAsync(string queue, string receipt);

    Task<Outcome> ReturnAsync(string queue, string receipt, TimeSpan delay);

    Task<Outcome> ExtendAsync(string queue, string receipt, TimeSpan lease);

    /// <returns>The values that could be popped now, best first.</returns>
    Task<IReadOnlyList<string>> PeekAsync(string queue, int limit);

    Task<QueueCounts> CountItemsAsync(string queue);

    Task<int> ClearAsync(string queue);

    Task<NamePage> QueuesAsync(string prefix, string? cursor, int limit);

    Task<long> ClearAllQueuesAsync();
}
