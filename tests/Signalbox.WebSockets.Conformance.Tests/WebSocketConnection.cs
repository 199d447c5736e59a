using System.Text.Json;
using Signalbox.Conformance.Subjects;
using Signalbox.Core.Channels;

namespace Signalbox.WebSockets.Conformance.Tests;

/// <summary>What the facts say, as commands on a WebSocket.</summary>
internal sealed partial class WebSocketConnection(WebSocketTalk talk, Func<string, Task> waitForEndAsync) : IConnection
{
    private bool _isGone;

    public async Task<Entered> SubscribeAsync(string channelOrFilter, ChannelPosition? from)
    {
        var reply = await talk.AskAsync("subscribe", ("key", channelOrFilter), ("since", from?.Offset), ("epoch", from?.Epoch));
        return new Entered(PositionOf(reply), FlagOf(reply, "recovered"), NumberOf(reply, "first"));
    }

    public Task UnsubscribeAsync(string channelOrFilter) => talk.AskAsync("unsubscribe", ("key", channelOrFilter));

    public async Task<Published> PublishAsync(string channel, string value, string? id)
    {
        var reply = await talk.AskAsync("publish", ("key", channel), ("value", new PlainValue(value)), ("id", id));
        return new Published(OutcomeOf(reply), NumberOf(reply, "offset"), (int)NumberOf(reply, "published"));
    }

    public async Task<int> BroadcastAsync(string value, bool toSelf) =>
        (int)NumberOf(await talk.AskAsync("broadcast", ("value", new PlainValue(value)), ("loop", toSelf)), "published");

    public Task<IReadOnlyList<Received>> WaitForAsync(int count) => talk.Line.WaitForAsync(count);

    public async Task<HistoryPage> HistoryAsync(string channel, long since, int limit, bool reverse)
    {
        var reply = await talk.AskAsync("history", ("key", channel), ("since", since), ("limit", limit), ("reverse", reverse));
        var entries = reply.GetProperty("value").EnumerateArray()
            .Select(entry => new HistoryEntry(NumberOf(entry, "offset"), PlainValue.Of(entry)));
        return new HistoryPage(PositionOf(reply), NumberOf(reply, "first"), [.. entries], FlagOf(reply, "complete"));
    }

    public async Task<IReadOnlyList<string>?> PresenceAsync(string channel)
    {
        var reply = await talk.AskAsync("presence", ("key", channel));
        return OutcomeOf(reply) != Outcome.Done
            ? null
            : [.. reply.GetProperty("value").EnumerateArray().Select(member => TextOf(member, "name"))];
    }

    public Task<NamePage> ChannelsAsync(string prefix, string? cursor, int limit) => PageAsync("channels", prefix, cursor, limit);

    /// <summary>Done when the server knows that it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isGone) return;

        _isGone = true;
        await talk.DisposeAsync();
        await waitForEndAsync(talk.Id);
    }

    private async Task<NamePage> PageAsync(string command, string prefix, string? cursor, int limit)
    {
        var reply = await talk.AskAsync(command, ("prefix", prefix), ("cursor", cursor), ("limit", limit));
        var value = reply.GetProperty("value");
        var names = value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(name => name.GetString()!) // They are texts.
            : value.EnumerateObject().Select(property => property.Name);
        return new NamePage([.. names], reply.TryGetProperty("cursor", out var next) ? next.GetString() : null);
    }

    private static ChannelPosition PositionOf(JsonElement reply) =>
        reply.TryGetProperty("epoch", out var epoch) ? new ChannelPosition(epoch.GetString()!, NumberOf(reply, "offset")) : default; // It is a text.

    private static Outcome OutcomeOf(JsonElement reply) => NumberOf(reply, "code") switch
    {
        0 => Outcome.Done,
        409 => Outcome.Conflict,
        740 => Outcome.Limit,
        760 => Outcome.Malformed,
        var code => throw new InvalidDataException($"No fact expects {code}: {reply}"),
    };

    private static long NumberOf(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static bool FlagOf(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.GetBoolean();

    private static string TextOf(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) ? value.GetString()! : ""; // It is a text.
}
