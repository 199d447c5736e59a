using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Hashes;

/// <summary>The channel <c>$kv/KEY</c>: a message for each change of the key, its version as the offset.</summary>
/// <remarks>
/// There is no history: a key knows its present value only. Who comes back and has seen that is told so; who has seen
/// an older one is told that something was missed, and gets the present value.
/// </remarks>
public abstract class KeyWatch(IHashKey key) : IChannel
{
    /// <summary>Versions grow for ever, so there is one numbering only.</summary>
    private const string Epoch = "kv";

    /// <summary>What stands for the sender: a change is told by the key itself.</summary>
    private const string Source = "";

    /// <returns>What watchers are told where this happens to the key; null for nothing.</returns>
    public static MessageDelivery? Of(HashFact fact, string key, DateTimeOffset now)
    {
        // A watcher sees the value as a message whose offset is the version; null says that there is none.
        var (payload, version) = fact switch
        {
            KeySet set => (set.Value, set.Version),
            KeyRemoved removed => (Payload.Null, removed.Version),
            _ => (default, 0L),
        };
        if (version == 0) return null;

        var message = new Message(version, now, payload, Headers.None, Source, null, Retain: false);
        return new MessageDelivery(Name.KeyWatchPrefix + key, Epoch, message);
    }

    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A gateway lets nobody publish to the system's channels.");

    public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public abstract ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken);

    public abstract ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken);

    public async ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken)
    {
        var value = await key.GetAsync(cancellationToken);
        var position = new ChannelPosition(Epoch, value?.Version ?? 0);
        var hasSeenIt = request.From is { } from && from.Epoch == Epoch && from.Offset == position.Offset;
        var current = value is null || hasSeenIt ? null : MessageOf(value);
        return new EnterAnswer(Refusal.None, position, position.Offset, hasSeenIt, [], current);
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        var value = await key.GetAsync(cancellationToken);
        IReadOnlyList<Message> messages = value is null || value.Version <= request.Since ? [] : [MessageOf(value)];
        var version = value?.Version ?? 0;
        return new HistoryRead(new ChannelPosition(Epoch, version), version, messages, IsComplete: true);
    }

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
        new(new PresenceAnswer(Refusal.PresenceOff, []));

    private static Message MessageOf(HashValue value) => new(
        value.Version,
        DateTimeOffset.UnixEpoch.AddMicroseconds(value.Version),
        value.Value,
        Headers.None,
        Source,
        null,
        Retain: true);
}
