using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Hooks;

/// <summary>Asks the backend whether something may be done.</summary>
/// <remarks>
/// Whoever asks waits, and so does what the same connection wants after it: that keeps its order. Nobody else waits, and
/// what was answered before is not held up: it is sent before the question is. The
/// number of questions under way is bounded; who comes when there are so many is told to come back.
/// </remarks>
public sealed class Backend(HookOptions options, HookClient client, GatewayMetrics metrics)
{
    private readonly FilterSet _subscribes = SetOf(options.SubscribeChannels);
    private readonly FilterSet _publishes = SetOf(options.PublishChannels);
    private int _inFlight;

    internal bool AsksToConnect => options.Connect is not null;

    /// <param name="name">A channel or filter. A filter that reaches any channel that is asked about has to be asked about
    /// too: one that only touches them could let in by the back door.</param>
    internal bool AsksToSubscribe(string name) =>
        options.Subscribe is not null && !Name.IsSystem(name)
        && (_subscribes.Covers(name) || (ChannelFilter.IsFilter(name) && options.SubscribeChannels.Count > 0));

    internal bool AsksToPublish(string channel) => options.Publish is not null && _publishes.Covers(channel);

    /// <returns>Why they are not let in, or as whom they are.</returns>
    internal async ValueTask<(Failure? Failure, Identity Identity)> ConnectAsync(Session session, Identity identity)
    {
        var body = Begin("connect", Asker.Of(session) with { User = identity.User });
        session.FlushReplies();
        var (failure, answer) = await AskAsync("connect", options.Connect!, body, session.Closed); // It asks only where there is one.
        if (answer is not { IsChanged: true }) return (failure, identity);

        var user = answer.User ?? identity.User;
        return (failure, identity with
        {
            User = user,
            RateName = answer.User ?? identity.RateName,
            Rights = answer.Rights ?? identity.Rights,
            IsAnonymous = false,
        });
    }

    /// <returns>Why it may not be subscribed to, or where the subscriber is to begin.</returns>
    internal async ValueTask<(Failure? Failure, ChannelPosition? From)> SubscribeAsync(
        Session session, string name, ChannelPosition? from)
    {
        var body = Begin("subscribe", Asker.Of(session));
        var writer = new ReplyWriter(body);
        writer.Property("channel"u8);
        writer.Text(name);
        if (from is { } position)
        {
            writer.Property("since"u8);
            writer.Number(position.Offset);
            writer.Property("epoch"u8);
            writer.Text(position.Epoch);
        }

        session.FlushReplies();
        var (failure, answer) = await AskAsync("subscribe", options.Subscribe!, body, session.Closed); // As above.
        var isFilter = ChannelFilter.IsFilter(name);
        return (failure, answer?.Since is { } since && !isFilter ? new ChannelPosition(answer.Epoch ?? "", since) : from);
    }

    /// <returns>Why it may not be published, or what is published.</returns>
    internal ValueTask<(Failure? Failure, PublishRequest Request)> PublishAsync(
        Session session, string channel, PublishRequest request)
    {
        session.FlushReplies();
        return PublishAsync(Asker.Of(session), channel, request, session.Closed);
    }

    /// <returns>As above.</returns>
    internal async ValueTask<(Failure? Failure, PublishRequest Request)> PublishAsync(
        Asker asker, string channel, PublishRequest request, CancellationToken cancellationToken)
    {
        var body = Begin("publish", asker);
        var writer = new ReplyWriter(body);
        writer.Property("channel"u8);
        writer.Text(channel);
        JsonDeliveries.WritePayload(writer, request.Payload);
        JsonDeliveries.WriteHeaders(writer, "headers"u8, request.Headers);
        if (request.Id is not null)
        {
            writer.Property("id"u8);
            writer.Text(request.Id);
        }

        var (failure, answer) = await AskAsync("publish", options.Publish!, body, cancellationToken); // As above.
        return (failure, answer is not { IsChanged: true } ? request : request with
        {
            Payload = answer.Payload ?? request.Payload,
            Headers = answer.Headers ?? request.Headers,
        });
    }

    private async ValueTask<(Failure? Failure, HookAnswer? Answer)> AskAsync(
        string hook, string url, JsonBuffer body, CancellationToken cancellationToken)
    {
        new ReplyWriter(body).EndObject();
        if (Interlocked.Increment(ref _inFlight) > options.MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            metrics.HookAsked(hook, "full");
            return (new Failure(ErrorCode.Unavailable, "The backend has as many questions as it can take: try again.", null), null);
        }

        try
        {
            var said = await client.PostAsync(hook, url, body.WrittenMemory, cancellationToken);
            return Understand(hook, said);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private (Failure? Failure, HookAnswer? Answer) Understand(string hook, ReadOnlyMemory<byte>? said)
    {
        HookAnswer? answer = null;
        if (said is { IsEmpty: true }) answer = HookAnswer.Yes;
        else if (said is { } bytes && !HookAnswer.TryRead(bytes, out answer)) client.Failed(hook, "its answer is none that is known");

        if (answer is null)
        {
            metrics.HookAsked(hook, "failed");
            return options.WhenDown == WhenDown.Allow
                ? (null, null)
                : (new Failure(ErrorCode.Unavailable, "The backend that decides on this cannot be asked now: try again.", null), null);
        }

        client.Succeeded(hook);
        metrics.HookAsked(hook, !answer.IsAllowed ? "denied" : answer.IsChanged ? "changed" : "allowed");
        return answer.IsAllowed
            ? (null, answer)
            : (new Failure(ErrorCode.Forbidden, answer.Reason ?? "The backend does not allow this.", null), null);
    }

    private static JsonBuffer Begin(string hook, Asker asker)
    {
        var body = new JsonBuffer();
        var writer = new ReplyWriter(body);
        writer.BeginObject();
        writer.Property("hook"u8);
        writer.Text(hook);
        writer.Property("connection"u8);
        writer.Text(asker.Connection);
        writer.Property("peer"u8);
        writer.Text(asker.Peer);
        writer.Property("protocol"u8);
        writer.Text(asker.Protocol);
        if (asker.User is { } user)
        {
            writer.Property("user"u8);
            writer.Text(user);
        }

        if (asker.Name is not null)
        {
            writer.Property("name"u8);
            writer.Text(asker.Name);
        }

        return body;
    }

    private static FilterSet SetOf(IList<string> filters) => new(filters.Count == 0 ? ["#"] : filters);
}
