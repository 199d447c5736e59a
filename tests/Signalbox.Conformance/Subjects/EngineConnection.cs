using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;

namespace Signalbox.Conformance.Subjects;

/// <summary>A connection straight to the contract: what a gateway does, without bytes.</summary>
public sealed class EngineConnection(IEngine engine, Node node, TimeProvider clock, string id, string name) : IConnection
{
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly Reader _reader = new(id, name);

    public async Task<Entered> SubscribeAsync(string channelOrFilter, ChannelPosition? from)
    {
        var subscription = await node.SubscribeAsync(_reader, channelOrFilter, _closed.Token);
        _subscriptions[channelOrFilter] = subscription;
        if (ChannelFilter.IsFilter(channelOrFilter))
        {
            subscription.GoLive(new ChannelPosition("", 0));
            return new Entered(default, Recovered: false, First: 0);
        }

        var member = new Member(id, node.Id, _reader.Peer, name, User: null, clock.GetUtcNow());
        var answer = await engine.Channel(channelOrFilter).EnterAsync(new EnterRequest(member, from), _closed.Token);
        if (answer.Retained is { } retained) _reader.Take(ReceivedKind.Retained, channelOrFilter, retained);
        foreach (var missed in answer.Messages) _reader.Take(ReceivedKind.Message, channelOrFilter, missed);
        node.GoLive(subscription, answer);
        return new Entered(answer.Position, answer.Recovered, answer.First);
    }

    public async Task UnsubscribeAsync(string channelOrFilter)
    {
        if (!_subscriptions.Remove(channelOrFilter, out var subscription)) return;

        await node.UnsubscribeAsync(subscription, CancellationToken.None);
        if (ChannelFilter.IsFilter(channelOrFilter)) return;

        await engine.Channel(channelOrFilter).LeaveAsync(id, CancellationToken.None);
    }

    public async Task<Published> PublishAsync(string channel, string value, string? id)
    {
        var request = new PublishRequest(PayloadOf(value), Headers.None, name, _reader.Id, Retain: false, id);
        var answer = await engine.Channel(channel).PublishAsync(request, _closed.Token);
        return new Published(OutcomeOf(answer.Refusal), answer.Offset, answer.Handed);
    }

    public async Task<int> BroadcastAsync(string value, bool toSelf) => await engine.BroadcastAsync(
        new BroadcastDelivery(PayloadOf(value), Headers.None, name, toSelf ? null : id), _closed.Token);

    public Task<IReadOnlyList<Received>> WaitForAsync(int count) => _reader.Line.WaitForAsync(count);

    public async Task<HistoryPage> HistoryAsync(string channel, long since, int limit, bool reverse)
    {
        var read = await engine.Channel(channel).HistoryAsync(new HistoryRequest(since, limit, reverse), _closed.Token);
        var entries = read.Messages.Select(message => new HistoryEntry(message.Offset, TextOf(message.Payload)));
        return new HistoryPage(read.Position, read.First, [.. entries], read.IsComplete);
    }

    public async Task<IReadOnlyList<string>?> PresenceAsync(string channel)
    {
        var answer = await engine.Channel(channel).PresenceAsync(_closed.Token);
        return answer.Refusal is Refusal.PresenceOff ? null : [.. answer.Members.Select(member => member.Name ?? "")];
    }

    public async Task<NamePage> ChannelsAsync(string prefix, string? cursor, int limit)
    {
        var page = await engine.ListChannelsAsync(new ListRequest(prefix, cursor, limit), _closed.Token);
        return new NamePage([.. page.Entries.Select(entry => entry.Name)], page.Next);
    }

    public async Task<Stored> SetAsync(string key, string value, SetCondition condition, TimeSpan? ttl, string? id)
    {
        var request = new SetRequest(PayloadOf(value), ExpiresAt: null, ttl, condition, id);
        var answer = await engine.Hash(key).SetAsync(request, _closed.Token);
        return new Stored(OutcomeOf(answer.Refusal), answer.Version);
    }

    public async Task<Kept?> GetAsync(string key) =>
        await engine.Hash(key).GetAsync(_closed.Token) is { } kept ? new Kept(TextOf(kept.Value), kept.Version) : null;

    public async Task<Deleted> DeleteAsync(string key, SetCondition condition)
    {
        var answer = await engine.Hash(key).DeleteAsync(condition, _closed.Token);
        return new Deleted(OutcomeOf(answer.Refusal), answer.Existed);
    }

    public async Task<Incremented> IncrementAsync(string key, long by, TimeSpan? ttl, string? id)
    {
        var answer = await engine.Hash(key).IncrementAsync(new IncrementRequest(by, ttl, id), _closed.Token);
        return new Incremented(OutcomeOf(answer.Refusal), answer.Sum, answer.Version);
    }

    public async Task<NamePage> KeysAsync(string prefix, string? cursor, int limit)
    {
        var page = await engine.ListKeysAsync(new ListRequest(prefix, cursor, limit), _closed.Token);
        return new NamePage(page.Entries, page.Next);
    }

    public async Task<long> CountKeysAsync() => await engine.CountKeysAsync(_closed.Token);

    public async Task<long> DeleteAllKeysAsync() => (await engine.DeleteAllKeysAsync(_closed.Token)).Count;

    public async Task<Outcome> PushAsync(string queue, string value, Pushing how)
    {
        var request = new PushRequest(PayloadOf(value), Headers.None, how.Priority, how.Delay, how.Ttl, how.Id);
        return OutcomeOf((await QueueOf(queue).PushAsync(request, _closed.Token)).Refusal);
    }

    public async Task<Popped?> PopAsync(string queue, TimeSpan? lease, TimeSpan? wait)
    {
        var answer = await QueueOf(queue).PopAsync(new PopRequest(lease, wait), _closed.Token);
        if (answer.Item is not { } item) return null;
        if (lease is not null) return new Popped(TextOf(item.Payload), Format(answer.Receipt), item.Attempts);

        await QueueOf(queue).AcknowledgeAsync(answer.Receipt, CancellationToken.None);
        return new Popped(TextOf(item.Payload), "", item.Attempts);
    }

    public async Task<Outcome> AcknowledgeAsync(string queue, string receipt) =>
        OutcomeOf(await QueueOf(queue).AcknowledgeAsync(Parse(receipt), _closed.Token));

    public async Task<Outcome> ReturnAsync(string queue, string receipt, TimeSpan delay) => OutcomeOf(
        await QueueOf(queue).ReturnAsync(new ReturnRequest(Parse(receipt), delay, CountAttempt: true), _closed.Token));

    public async Task<Outcome> ExtendAsync(string queue, string receipt, TimeSpan lease) =>
        OutcomeOf(await QueueOf(queue).ExtendAsync(Parse(receipt), lease, _closed.Token));

    public async Task<IReadOnlyList<string>> PeekAsync(string queue, int limit) =>
        [.. (await QueueOf(queue).PeekAsync(limit, _closed.Token)).Select(item => TextOf(item.Payload))];

    public async Task<QueueCounts> CountItemsAsync(string queue) => await QueueOf(queue).CountAsync(_closed.Token);

    public async Task<int> ClearAsync(string queue) => (int)(await QueueOf(queue).ClearAsync(_closed.Token)).Count;

    public async Task<NamePage> QueuesAsync(string prefix, string? cursor, int limit)
    {
        var page = await engine.ListQueuesAsync(new ListRequest(prefix, cursor, limit), _closed.Token);
        return new NamePage([.. page.Entries.Select(entry => entry.Name)], page.Next);
    }

    public async Task<long> ClearAllQueuesAsync() => (await engine.ClearAllQueuesAsync(_closed.Token)).Count;

    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested) return;

        await _closed.CancelAsync();
        foreach (var channelOrFilter in _subscriptions.Keys.ToList()) await UnsubscribeAsync(channelOrFilter);
        _closed.Dispose();
    }

    private IQueue QueueOf(string queue) => queue.StartsWith(Name.DeadLettersPrefix, StringComparison.Ordinal)
        ? engine.Queue(queue[Name.DeadLettersPrefix.Length..], QueuePart.Dead)
        : engine.Queue(queue, QueuePart.Live);

    private static Payload PayloadOf(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return new Payload(bytes, PayloadKinds.Of(bytes));
    }

    private static string TextOf(Payload payload) => Encoding.UTF8.GetString(payload.Bytes.Span);

    private static string Format(Receipt receipt) => $"{receipt.Item}-{receipt.Lease}";

    private static Receipt Parse(string receipt)
    {
        var parts = receipt.Split('-').Select(long.Parse).ToList();
        return new Receipt(parts[0], (int)parts[1]);
    }

    private static Outcome OutcomeOf(Refusal refusal) => refusal switch
    {
        Refusal.None => Outcome.Done,
        Refusal.ConditionFailed or Refusal.NotANumber or Refusal.NumberOverflow => Outcome.Conflict,
        Refusal.NoSuchItem or Refusal.LeaseLost or Refusal.PresenceOff => Outcome.Conflict,
        Refusal.PayloadBlank or Refusal.PayloadNotJson or Refusal.OutOfRange => Outcome.Malformed,
        _ => Outcome.Limit,
    };

    private sealed class Reader(string id, string name) : Subscriber(id, $"test:{id}")
    {
        public ReceivedLine Line { get; } = new(name);

        public void Take(ReceivedKind kind, string channel, Message message) =>
            Line.Add(new Received(kind, channel, TextOf(message.Payload), message.Offset));

        protected override void Deliver(DeliveryBatch batch, int first)
        {
            foreach (var delivery in batch.Deliveries[first..])
            {
                switch (delivery)
                {
                    case MessageDelivery message:
                        Take(ReceivedKind.Message, message.Channel, message.Message);
                        break;

                    case PresenceDelivery presence:
                        var kind = presence.Joined ? ReceivedKind.Joined : ReceivedKind.Left;
                        Line.Add(new Received(kind, presence.Channel, presence.Member.Name ?? "", 0));
                        break;

                    case BroadcastDelivery broadcast:
                        Line.Add(new Received(ReceivedKind.Broadcast, "", TextOf(broadcast.Payload), 0));
                        break;
                }
            }
        }

        protected override void Cut(CutDelivery cut) => throw new InvalidOperationException($"'{name}' is nobody's.");

        protected override void FallBehind() => throw new InvalidOperationException($"'{name}' fell behind.");
    }
}
