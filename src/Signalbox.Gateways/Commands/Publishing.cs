using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
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

    public static ValueTask PublishAsync(Session session, Command command)
    {
        if (command.KeyKind == KeyKind.Many) return PublishToManyAsync(session, command);

        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var channel)) return default;
        if (!Permits.Check(session, command, Deed.Publish, channel)) return default;
        if (!TryRequest(session, command, out var request)) return default;
        if (!CheckName(session, command, channel)) return default;

        var rule = session.Host.Rules.RuleFor(channel);
        if (rule.Options.RateLimit > 0) return PublishLimitedAsync(session, command, channel, rule, request);

        session.Answer(
            session.Host.Engine.Channel(channel).PublishAsync(request, session.Closed), command, Published);
        return default;
    }

    public static async ValueTask BroadcastAsync(Session session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return;
        if (!Arguments.TryPayload(session, command, out var payload)) return;
        if (!Arguments.TryHeaders(session, command, out var headers)) return;
        if (!Arguments.TryFlag(session, command, CommandField.Loop, out var isLooped)) return;

        var broadcast = new BroadcastDelivery(payload, headers, session.Peer, isLooped ? null : session.Id);
        await session.Pending.WhenIdleAsync();
        session.Answer(session.Host.Engine.BroadcastAsync(broadcast, session.Closed), command, Broadcasted);
    }

    private static async ValueTask PublishLimitedAsync(
        Session session, Command command, string channel, ChannelRule rule, PublishRequest request)
    {
        if (await SpendAsync(session, rule, 1) is { } failure)
        {
            session.Fail(command, failure);
            return;
        }

        session.Answer(session.Host.Engine.Channel(channel).PublishAsync(request, session.Closed), command, Published);
    }

    private static async ValueTask PublishToManyAsync(Session session, Command command)
    {
        if (!Arguments.TryKeys(session, command, mayBeSystem: false, out var channels)) return;
        if (!TryRequest(session, command, out var request)) return;

        foreach (var channel in channels)
        {
            if (!Permits.Check(session, command, Deed.Publish, channel)) return;
            if (!CheckName(session, command, channel)) return;
        }

        // All rate limits before any message: a refusal leaves nothing half done.
        foreach (var rules in channels.Select(session.Host.Rules.RuleFor).GroupBy(rule => rule.Filter))
        {
            var rule = rules.First();
            if (rule.Options.RateLimit == 0) continue;
            if (await SpendAsync(session, rule, rules.Count()) is not { } failure) continue;
            session.Fail(command, failure);
            return;
        }

        var answers = new List<(string, PublishAnswer)>(channels.Count);
        foreach (var channel in channels)
        {
            var answer = await session.Host.Engine.Channel(channel).PublishAsync(request, session.Closed);
            if (answer.Refusal != Refusal.None)
            {
                var failure = Failure.Of(answer.Refusal);
                session.Fail(command, failure with
                {
                    Message = $"{failure.Message} That was channel '{channel}'; those before it in 'key' have the message.",
                });
                return;
            }

            answers.Add((channel, answer));
        }

        session.Answer(new ValueTask<List<(string, PublishAnswer)>>(answers), command, PublishedToMany);
    }

    /// <returns>What to answer instead, where the rate limit is used up.</returns>
    public static async ValueTask<Failure?> SpendAsync(Session session, ChannelRule rule, int amount)
    {
        var answer = await session.Host.Engine.User(session.RateUser)
            .SpendAsync(LimitOf(rule), amount, session.Closed);
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

    private static bool CheckName(Session session, Command command, string channel)
    {
        if (!ChannelFilter.IsFilter(channel)) return true;

        session.Fail(command, ErrorCode.BadKey, "A channel to publish to has no '+' or '#' in its name: these are for subscriptions.");
        return false;
    }

    private static bool TryRequest(Session session, Command command, out PublishRequest request)
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
