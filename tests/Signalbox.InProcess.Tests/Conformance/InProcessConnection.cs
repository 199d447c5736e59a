using Signalbox.Conformance.Subjects;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;

namespace Signalbox.InProcess.Tests.Conformance;

/// <summary>An API object of its own for everybody, with nothing but what it offers to all.</summary>
/// <remarks>Names are listed one by one, so here a page is cut out of the whole list, and its cursor is its last
/// name.</remarks>
public sealed partial class InProcessConnection(ISignalbox signalbox, string name) : IConnection
{
    // The facts are not about slow readers, and on a busy machine any may be one for a moment.
    private const int MostMessages = 100_000;

    private readonly ReceivedLine _line = new(name);
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Task> _reading = [];
    private Subscription? _broadcasts;

    public async Task<Entered> SubscribeAsync(string channelOrFilter, ChannelPosition? from)
    {
        if (_broadcasts is null)
        {
            _broadcasts = signalbox.Broadcasts();
            _reading.Add(ReadAsync(_broadcasts, ReceivedKind.Broadcast));
        }

        var isRecovered = from is not null;
        var subscription = await signalbox.SubscribeAsync(channelOrFilter, new SubscribeOptions
        {
            Since = from,
            Capacity = MostMessages,
            OnGap = _ => isRecovered = false,
            OnPresence = change => _line.Add(new Received(
                change.Joined ? ReceivedKind.Joined : ReceivedKind.Left, change.Channel, change.Member.Name ?? "", 0)),
        });
        _subscriptions[channelOrFilter] = subscription;

        // A gap stands first in the subscription, so whoever begins to read hears of it at once.
        _reading.Add(ReadAsync(subscription, ReceivedKind.Message));
        if (subscription.Start is not { } start) return new Entered(default, Recovered: false, First: 0);

        var history = await signalbox.HistoryAsync(channelOrFilter, new HistoryOptions { Limit = 1 });
        return new Entered(start, isRecovered, history.First);
    }

    public async Task UnsubscribeAsync(string channelOrFilter)
    {
        if (_subscriptions.Remove(channelOrFilter, out var subscription)) await subscription.DisposeAsync();
    }

    public async Task<Published> PublishAsync(string channel, string value, string? id)
    {
        PublishResult result = default;
        var outcome = await TryAsync(async () =>
            result = await signalbox.PublishAsync(channel, ValueOf(value), new PublishOptions { Id = id }));
        return new Published(outcome, result.Offset ?? 0, (int)result.Receivers);
    }

    public async Task<int> BroadcastAsync(string value, bool toSelf) => (int)await signalbox.BroadcastAsync(value, toSelf);

    public Task<IReadOnlyList<Received>> WaitForAsync(int count) => _line.WaitForAsync(count);

    public async Task<Signalbox.Conformance.Subjects.HistoryPage> HistoryAsync(string channel, long since, int limit, bool reverse)
    {
        var options = new HistoryOptions { Since = new ChannelPosition("", since), Limit = limit, Reverse = reverse };
        var page = await signalbox.HistoryAsync(channel, options);
        var entries = page.Messages.Select(message => new HistoryEntry(message.Offset, message.Text));
        return new(page.Position, page.First, [.. entries], page.IsComplete);
    }

    public async Task<IReadOnlyList<string>?> PresenceAsync(string channel)
    {
        IReadOnlyList<string>? names = null;
        await TryAsync(async () => names = [.. (await signalbox.PresenceAsync(channel)).Select(member => member.Name ?? "")]);
        return names;
    }

    public Task<NamePage> ChannelsAsync(string prefix, string? cursor, int limit) =>
        PageAsync(signalbox.ChannelsAsync(prefix).Select(channel => channel.Name), cursor, limit);

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var subscription in _subscriptions.Values) await subscription.DisposeAsync();
        if (_broadcasts is not null) await _broadcasts.DisposeAsync();
        await Task.WhenAll(_reading);
    }

    private async Task ReadAsync(Subscription subscription, ReceivedKind kind)
    {
        await foreach (var message in subscription)
        {
            var which = message.IsRetained ? ReceivedKind.Retained : kind;
            _line.Add(new Received(which, message.Channel, message.Text, message.Offset));
        }
    }

    private static Payload ValueOf(string value)
    {
        Payload text = value;
        return text with { Kind = PayloadKinds.Of(text.Bytes.Span) };
    }

    private static async Task<NamePage> PageAsync(IAsyncEnumerable<string> names, string? cursor, int limit)
    {
        var rest = await names.Where(name => string.CompareOrdinal(name, cursor) > 0).ToListAsync();
        return rest.Count > limit ? new NamePage(rest[..limit], rest[limit - 1]) : new NamePage(rest, null);
    }

    private static async Task<Outcome> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return Outcome.Done;
        }
        catch (SignalboxException e)
        {
            return e.Code switch
            {
                Protocol.Errors.ErrorCode.Conflict => Outcome.Conflict,
                Protocol.Errors.ErrorCode.LimitExceeded => Outcome.Limit,
                Protocol.Errors.ErrorCode.Malformed => Outcome.Malformed,
                _ => throw new InvalidOperationException($"The facts know no outcome for error {e.Code}.", e),
            };
        }
    }
}
