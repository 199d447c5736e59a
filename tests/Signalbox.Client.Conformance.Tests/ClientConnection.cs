using System.Collections.Concurrent;
using Signalbox.Client.Conformance.Tests.Loopback;
using Signalbox.Conformance.Subjects;
using FactPosition = Signalbox.Core.Channels.ChannelPosition;
using Subjects = Signalbox.Conformance.Subjects;

namespace Signalbox.Client.Conformance.Tests;

/// <summary>A client of its own for everybody, with nothing but what the library offers to all.</summary>
/// <remarks>
/// <para>The library lists names page by page and never shows a page, so here a page is cut out of the whole list, and its
/// cursor is its last name.</para>
/// <para>It tells what was missed as a <see cref="Gap"/> before the first message: to come in without one is to be
/// recovered. Where the channel stands is the history's to say.</para>
/// </remarks>
public sealed partial class ClientConnection(LoopbackServer server, SignalboxClient client, string name) : IConnection
{
    private readonly ReceivedLine _line = new(name);
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly ConcurrentDictionary<string, QueueItem> _held = new();
    private readonly List<Task> _reading = [];
    private string? _connectionId;

    public async Task ConnectAsync()
    {
        _reading.Add(ReadAsync(client.Broadcasts.GetAsyncEnumerator(), ReceivedKind.Broadcast));
        await client.ConnectAsync();
        _connectionId = client.Server?.ConnectionId;
    }

    public async Task<Entered> SubscribeAsync(string channelOrFilter, FactPosition? from)
    {
        var isRecovered = from is not null;
        var options = new SubscribeOptions { Since = PositionOf(from), OnGap = _ => isRecovered = false };
        var subscription = await client.SubscribeAsync(channelOrFilter, options);
        subscription.PresenceChanged += change => _line.Add(new Received(
            change.Joined ? ReceivedKind.Joined : ReceivedKind.Left, change.Channel, change.Member.Name ?? "", 0));
        _subscriptions[channelOrFilter] = subscription;

        // A gap stands first in the subscription, so whoever begins to read hears of it at once.
        _reading.Add(ReadAsync(subscription.GetAsyncEnumerator(), ReceivedKind.Message));
        if (channelOrFilter.AsSpan().ContainsAny('+', '#')) return new Entered(default, Recovered: false, First: 0);

        var stands = await HistoryAsync(channelOrFilter, since: 0, limit: 1, reverse: true);
        return new Entered(stands.Position, isRecovered, stands.First);
    }

    public async Task UnsubscribeAsync(string channelOrFilter)
    {
        if (_subscriptions.Remove(channelOrFilter, out var subscription)) await subscription.DisposeAsync();
    }

    public async Task<Published> PublishAsync(string channel, string value, string? id)
    {
        PublishResult result = default;
        var outcome = await TryAsync(async () =>
            result = await client.PublishAsync(channel, value, new PublishOptions { Id = id }));
        return new Published(outcome, result.Offset ?? 0, (int)result.Receivers);
    }

    public async Task<int> BroadcastAsync(string value, bool toSelf) => (int)await client.BroadcastAsync(value, toSelf);

    public Task<IReadOnlyList<Received>> WaitForAsync(int count) => _line.WaitForAsync(count);

    public async Task<Subjects.HistoryPage> HistoryAsync(string channel, long since, int limit, bool reverse)
    {
        var options = new HistoryOptions
        {
            // No epoch stands for the present one.
            Since = since == 0 ? null : new ChannelPosition("", since),
            Limit = limit,
            Reverse = reverse,
        };
        var page = await client.HistoryAsync(channel, options);
        return new Subjects.HistoryPage(
            new FactPosition(page.Position.Epoch, page.Position.Offset),
            page.First,
            [.. page.Messages.Select(message => new HistoryEntry(message.Offset, message.Text))],
            page.IsComplete);
    }

    public async Task<IReadOnlyList<string>?> PresenceAsync(string channel)
    {
        IReadOnlyList<string>? names = null;
        await TryAsync(async () => names = [.. (await client.PresenceAsync(channel)).Select(member => member.Name ?? "")]);
        return names;
    }

    public Task<NamePage> ChannelsAsync(string prefix, string? cursor, int limit) =>
        PageAsync(client.ChannelsAsync(prefix).Select(channel => channel.Name), cursor, limit);

    /// <summary>Done when the server knows that it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await Task.WhenAll(_reading);
        if (_connectionId is not null) await server.WaitForEndAsync(_connectionId);
    }

    private async Task ReadAsync(IAsyncEnumerator<Message> messages, ReceivedKind kind)
    {
        await using (messages)
        {
            while (await messages.MoveNextAsync())
            {
                var message = messages.Current;
                var which = message.IsRetained ? ReceivedKind.Retained : kind;
                _line.Add(new Received(which, message.Channel, message.Text, message.Offset));
            }
        }
    }

    private static async Task<NamePage> PageAsync(IAsyncEnumerable<string> names, string? cursor, int limit)
    {
        var rest = await names.Where(name => string.CompareOrdinal(name, cursor) > 0).ToListAsync();
        return rest.Count > limit ? new NamePage(rest[..limit], rest[limit - 1]) : new NamePage(rest, null);
    }

    private static async Task<Subjects.Outcome> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return Subjects.Outcome.Done;
        }
        catch (SignalboxException e)
        {
            return e.Code switch
            {
                Protocol.Errors.ErrorCode.Conflict => Subjects.Outcome.Conflict,
                Protocol.Errors.ErrorCode.LimitExceeded => Subjects.Outcome.Limit,
                Protocol.Errors.ErrorCode.Malformed => Subjects.Outcome.Malformed,
                _ => throw new InvalidOperationException($"The facts know no outcome for error {e.Code}.", e),
            };
        }
    }

    private static ChannelPosition? PositionOf(FactPosition? position) =>
        position is { } at ? new ChannelPosition(at.Epoch, at.Offset) : null;
}
