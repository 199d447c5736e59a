using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Listing;

namespace Signalbox.InProcess;

/// <summary>
/// All of Signalbox for the code beside it in the process: what the client library says over a connection, without one.
/// </summary>
/// <remarks>
/// <para>Any number of threads may use it. What it answers with is as durable as the settings say when its task is
/// done. It is trusted: rights and rate limits are for who comes from outside.</para>
/// <para>What is refused is a <see cref="SignalboxException"/> with the error that a client would get, and nothing was
/// changed. <see cref="Engine.LogFailedException"/> is the end: the disk has failed, and the process is to stop.</para>
/// </remarks>
public interface ISignalbox
{
    /// <summary>A text converts to a value by itself; see <see cref="Payload"/> for JSON and bytes.</summary>
    Task<PublishResult> PublishAsync(
        string channel, Payload value, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends to every connection that has a subscription, once, and to who reads <see cref="Broadcasts"/>.</summary>
    /// <param name="loop">Whether the broadcasts of this object get it too.</param>
    /// <returns>How many it was handed to.</returns>
    Task<long> BroadcastAsync(Payload value, bool loop = false, CancellationToken cancellationToken = default);

    /// <summary>Subscribes to a channel, or with <c>+</c> and <c>#</c> to all that match. Dispose of it to leave.</summary>
    Task<Subscription> SubscribeAsync(
        string channel, SubscribeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What is broadcast from now on. Dispose of it to leave.</summary>
    Subscription Broadcasts(SubscribeOptions? options = null);

    Task<HistoryPage> HistoryAsync(
        string channel, HistoryOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Who is subscribed to the channel.</summary>
    Task<IReadOnlyList<Member>> PresenceAsync(string channel, CancellationToken cancellationToken = default);

    /// <summary>Channels that somebody is subscribed to.</summary>
    IAsyncEnumerable<ChannelEntry> ChannelsAsync(string prefix = "", CancellationToken cancellationToken = default);

    /// <returns>Null where there is no such key.</returns>
    Task<HashValue?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <returns>The new version; null where the condition of the options did not hold.</returns>
    Task<long?> SetAsync(
        string key, Payload value, SetOptions? options = null, CancellationToken cancellationToken = default);

    /// <param name="ifVersion">Only where the key is unchanged since it was read with this version.</param>
    /// <returns>Whether there was something to delete, and the condition held.</returns>
    Task<bool> DeleteAsync(string key, long? ifVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Adds to the whole number that the key holds; a key that is not there counts as 0.</summary>
    /// <returns>The sum.</returns>
    Task<long> IncrementAsync(
        string key, long by = 1, IncrementOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Watches a key: what it holds now, then each change. Dispose of it to leave.</summary>
    Task<KeyWatch> WatchAsync(string key, CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> KeysAsync(string prefix = "", CancellationToken cancellationToken = default);

    Task<long> CountKeysAsync(CancellationToken cancellationToken = default);

    /// <returns>How many keys were deleted.</returns>
    Task<long> DeleteAllKeysAsync(CancellationToken cancellationToken = default);

    /// <returns>The number of the item.</returns>
    Task<long> PushAsync(
        string queue, Payload value, PushOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Takes an item, or waits for one. A cancelled wait takes nothing.</summary>
    /// <returns>Null where there was none in time.</returns>
    Task<QueueItem?> PopAsync(string queue, PopOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Works off a queue: when the handler ends the item is acknowledged, when it throws the item comes back
    /// after a delay, and for as long as it runs the lease is extended.</summary>
    /// <remarks>The token stops it, and is cancelled for the handlers too. It ends when all of them have; what a handler
    /// gave up on cancellation is back in the queue at once.</remarks>
    Task ProcessAsync(
        string queue,
        Func<QueueItem, CancellationToken, ValueTask> handler,
        ProcessOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Settles an item by its <see cref="QueueItem.Receipt"/>: it is done, and goes.</summary>
    Task AcknowledgeAsync(string queue, Receipt receipt, CancellationToken cancellationToken = default);

    /// <summary>Gives an item back by its receipt, at once or after a delay.</summary>
    Task RejectAsync(string queue, Receipt receipt, TimeSpan delay = default, CancellationToken cancellationToken = default);

    /// <summary>Lets the lease of an item end this long from now, by its receipt.</summary>
    Task ExtendAsync(string queue, Receipt receipt, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Looks at the items that would be taken next.</summary>
    Task<IReadOnlyList<Core.Queues.QueueItem>> PeekAsync(
        string queue, int limit = 1, CancellationToken cancellationToken = default);

    Task<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken = default);

    /// <returns>How many items were deleted.</returns>
    Task<long> ClearAsync(string queue, CancellationToken cancellationToken = default);

    /// <returns>How many items were deleted, of all queues together.</returns>
    Task<long> ClearAllQueuesAsync(CancellationToken cancellationToken = default);

    /// <summary>Queues that have items.</summary>
    IAsyncEnumerable<QueueEntry> QueuesAsync(string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Sends to every connection of a user, on every protocol.</summary>
    /// <returns>How many there are.</returns>
    Task<int> SendAsync(
        string user, Payload value, SendOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The connections of a user, the oldest first; none where the user is not online.</summary>
    Task<IReadOnlyList<UserConnection>> UserAsync(string user, CancellationToken cancellationToken = default);

    /// <summary>Makes tokens of a user void, and cuts the connections that came in with them.</summary>
    /// <param name="tokenId">The one with this <c>jti</c>; null for all that were issued until now.</param>
    /// <returns>How many connections there were to cut.</returns>
    Task<int> RevokeAsync(string user, string? tokenId = null, CancellationToken cancellationToken = default);

    /// <summary>Cuts every connection of a user, who may come back.</summary>
    /// <returns>How many there were.</returns>
    Task<int> DisconnectAsync(string user, CancellationToken cancellationToken = default);
}
