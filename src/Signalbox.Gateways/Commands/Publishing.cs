using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tracing;
using Signalbox.Gateways.Traffic;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>publish and broadcast.</summary>
internal static class Publishing
{
    private static readonly ReplyBody<PublishAnswer> Published = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("published"u8);
        reply.Number(answer.Handed);
        if (answer.KeepsHistory)
        {
            reply.Property("offset"u8);
            reply.Number(answer.Offset);
        }

        reply.EndObject();
    };

    private static readonly ReplyBody<List<(string Channel, PublishAnswer Answer)>> PublishedToMany =
        static (reply, head, answers) =>
        {
            if (answers.Find(one => one.Answer.Refusal != Refusal.None) is { Channel: { } refused } one)
            {
                var failure = Failure.Of(one.Answer.Refusal);
                Replies.Failure(reply, head, failure with
                {
                    Message = $"{failure.Message} That was channel '{refused}'; the others in 'key' were not refused for it.",
                });
                return;
            }

            Replies.Begin(reply, head);
            reply.Property("published"u8);
            reply.Number(answers.Sum(one => one.Answer.Handed));
            reply.Property("offset"u8);
            reply.BeginObject();
            foreach (var (channel, answer) in answers)
            {
                if (!answer.KeepsHistory) continue;
                reply.TextProperty(channel);
                reply.Number(answer.Offset);
            }

            reply.EndObject();
            reply.EndObject();
        };

    private static readonly ReplyBody<int> Broadcasted = static (reply, head, count) =>
    {
        Replies.Begin(reply, head);
        reply.Property("published"u8);
        reply.Number(count);
        reply.EndObject();
    };

    public static ValueTask PublishAsync(CommandSession session, Command command)
    {
        if (command.KeyKind == KeyKind.Many) return PublishToManyAsync(session, command);

        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var channel)) return default;
        if (!Permits.CheckPublishing(session, command, channel)) return default;
        if (!TryRequest(session, command, out var request)) return default;
        if (!CheckName(session, command, channel)) return default;

        var rule = session.Host.Rules.RuleFor(channel);
        if (rule.Options.RateLimit > 0 || session.Host.Backend.AsksToPublish(channel))
        {
            return PublishAskingAsync(session, command, channel, rule, request);
        }

        session.Answer(PublishAsync(session, channel, request), command, Published);
        return default;
    }

    public static async ValueTask BroadcastAsync(CommandSession session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return;
        if (!Arguments.TryPayload(session, command, out var payload)) return;
        if (!Arguments.TryHeaders(session, command, out var headers)) return;
        if (!Arguments.TryFlag(session, command, CommandField.Loop, out var isLooped)) return;

        await session.Pending.WhenIdleAsync();
        var span = Spans.Begin(session, "broadcast", "", headers, out headers);
        var broadcast = new BroadcastDelivery(payload, headers, session.Peer, isLooped ? null : session.Id);
        var done = Spans.Until(span, session.Host.Engine.BroadcastAsync(broadcast, session.Closed));
        session.Answer(done, command, Broadcasted);
    }

    /// <summary>Publishes what was checked and asked for.</summary>
    public static ValueTask<PublishAnswer> PublishAsync(Session session, string channel, PublishRequest request)
    {
        var span = Spans.Begin(session, "publish", channel, request.Headers, out var headers);
        if (!ReferenceEquals(headers, request.Headers)) request = request with { Headers = headers };
        return Spans.Until(span, session.Host.Engine.Channel(channel).PublishAsync(request, session.Closed));
    }

    private static async ValueTask PublishAskingAsync(
        CommandSession session, Command command, string channel, ChannelRule rule, PublishRequest request)
    {
        var failure = rule.Options.RateLimit > 0 ? await SpendAsync(session, rule, 1) : null;
        if (failure is null) (failure, request) = await AskAsync(session, channel, request);
        if (failure is not null)
        {
            session.Fail(command, failure);
            return;
        }

        session.Answer(PublishAsync(session, channel, request), command, Published);
    }

    private static async ValueTask PublishToManyAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKeys(session, command, mayBeSystem: false, out var channels)) return;
        if (!TryRequest(session, command, out var request)) return;

        foreach (var channel in channels)
        {
            if (!Permits.CheckPublishing(session, command, channel)) return;
            if (!CheckName(session, command, channel)) return;
        }

        // All limits and questions before any message: a refusal leaves nothing half done.
        foreach (var rules in channels.Select(session.Host.Rules.RuleFor).GroupBy(rule => rule.Filter))
        {
            var rule = rules.First();
            if (rule.Options.RateLimit == 0) continue;
            if (await SpendAsync(session, rule, rules.Count()) is not { } failure) continue;
            session.Fail(command, failure);
            return;
        }

        var requests = new List<(string Channel, PublishRequest Request)>(channels.Count);
        foreach (var channel in channels)
        {
            var (failure, asked) = await AskAsync(session, channel, request);
            if (failure is not null)
            {
                session.Fail(command, failure);
                return;
            }

            requests.Add((channel, asked));
        }

        session.Answer(PublishAsync(session, requests), command, PublishedToMany);
    }

    // All at once, so that what comes after this command comes after it in every channel.
    private static async ValueTask<List<(string Channel, PublishAnswer Answer)>> PublishAsync(
        Session session, List<(string Channel, PublishRequest Request)> requests)
    {
        var publishing = new List<(string Channel, Task<PublishAnswer> Answer)>(requests.Count);
        foreach (var (channel, request) in requests)
        {
            publishing.Add((channel, PublishAsync(session, channel, request).AsTask()));
        }

        var answers = new List<(string, PublishAnswer)>(publishing.Count);
        foreach (var (channel, answer) in publishing) answers.Add((channel, await answer));
        return answers;
    }

    public static ValueTask<(Failure? Failure, PublishRequest Request)> AskAsync(
        Session session, string channel, PublishRequest request) =>
        session.Host.Backend.AsksToPublish(channel)
            ? session.Host.Backend.PublishAsync(session, channel, request)
            : new((null, request));

    /// <returns>What to answer instead, where the rate limit is used up.</returns>
    public static async ValueTask<Failure?> SpendAsync(Session session, ChannelRule rule, int amount)
    {
        var answer = await session.Host.Engine.User(session.RateUser)
            .SpendAsync(LimitOf(rule), amount, session.Closed);
        var (limit, window) = (rule.Options.RateLimit, rule.Options.RateWindow);
        session.Spent(new RateReading(limit, answer.State.Remaining, answer.State.RetryAfter, window));
        return answer.Refusal switch
        {
            Refusal.None => null,
            Refusal.RateLimited => Failure.Of(answer.Refusal) with { Rate = answer.State },
            _ => Failure.Of(answer.Refusal),
        };
    }

    /// <summary>The rate limit of a rule: its channels share it.</summary>
    public static RateLimit LimitOf(ChannelRule rule) =>
        new("publish " + rule.Filter, rule.Options.RateLimit, rule.Options.RateWindow);

    private static bool CheckName(CommandSession session, Command command, string channel)
    {
        if (!ChannelFilter.IsFilter(channel)) return true;

        session.Fail(command, ErrorCode.BadKey, "A channel to publish to has no '+' or '#' in its name: these are for subscriptions.");
        return false;
    }

    private static bool TryRequest(CommandSession session, Command command, out PublishRequest request)
    {
        request = null!; // Only looked at where this returns true.
        if (!Arguments.TryPayload(session, command, out var payload)) return false;
        if (!Arguments.TryHeaders(session, command, out var headers)) return false;
        if (!Arguments.TryFlag(session, command, CommandField.Retain, out var isRetained)) return false;
        if (!Arguments.TryText(session, command, CommandField.Id, out var id)) return false;

        request = new PublishRequest(payload, headers, session.Peer, session.Id, isRetained, id);
        return true;
    }
}
