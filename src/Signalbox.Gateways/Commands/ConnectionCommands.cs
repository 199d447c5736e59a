using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Traffic;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>hello, ping and quota: what is about the connection itself.</summary>
internal static class ConnectionCommands
{
    private static readonly ReplyBody<Hello> HelloReply = static (reply, head, hello) =>
    {
        Replies.Begin(reply, head);
        reply.Property("connection"u8);
        reply.Text(hello.Connection);
        reply.Property("node"u8);
        reply.Text(hello.Node);
        if (hello.Gpid is { } gpid)
        {
            reply.Property("gpid"u8);
            reply.Number(gpid);
        }

        reply.Property("version"u8);
        reply.Text(Release.Version);
        reply.Property("ping"u8);
        reply.Number((long)hello.Ping.TotalMilliseconds);
        if (hello.User is { } user)
        {
            reply.Property("user"u8);
            reply.Text(user);
        }

        if (hello.ExpiresIn is { } expiresIn)
        {
            reply.Property("expiresIn"u8);
            reply.Number((long)expiresIn.TotalMilliseconds);
        }

        WriteDropped(reply, hello.Dropped);
        reply.EndObject();
    };

    private static readonly ReplyBody<DateTimeOffset> Pong = static (reply, head, now) =>
    {
        Replies.Begin(reply, head);
        reply.Property("time"u8);
        reply.Number(now.ToUnixTimeMilliseconds());
        reply.EndObject();
    };

    private static readonly ReplyBody<Quota> QuotaReply = static (reply, head, quota) =>
    {
        Replies.Begin(reply, head);
        reply.Property("limit"u8);
        if (quota.Rule is not { Options.RateLimit: > 0 })
        {
            reply.Null();
        }
        else
        {
            reply.Number(quota.Rule.Options.RateLimit);
            reply.Property("window"u8);
            reply.Number((long)quota.Rule.Options.RateWindow.TotalMilliseconds);
            reply.Property("remaining"u8);
            reply.Number(quota.State.Remaining);
            reply.Property("retryAfter"u8);
            reply.Number((long)Math.Ceiling(quota.State.RetryAfter.TotalMilliseconds));
        }

        WriteTraffic(reply, quota.Traffic);
        reply.EndObject();
    };

    public static async ValueTask HelloAsync(CommandSession session, Command command)
    {
        const int absent = 0;
        if (!Arguments.TryText(session, command, CommandField.Name, out var name)) return;
        if (!Arguments.TryNumber(session, command, CommandField.ServerId, 1, 65_535, absent, out var server)) return;
        if (!Arguments.TryNumber(session, command, CommandField.WorkerId, 1, 65_535, absent, out var worker)) return;

        if ((server == absent) != (worker == absent))
        {
            session.Fail(command, ErrorCode.Malformed, "The fields 'server_id' and 'worker_id' come together or not at all.");
            return;
        }

        if (!command.TryGetText(CommandField.Token, out _, out var hasToken))
        {
            session.FailAndClose(command, ErrorCode.Unauthorized, "The field 'token' must be a string.");
            return;
        }

        if (!hasToken && !Permits.CheckKnown(session, command)) return;

        session.Name = name ?? session.Name;
        await session.Pending.WhenIdleAsync();
        if (hasToken && await AdmitAsync(session, command) is { } failure)
        {
            session.FailAndClose(command, failure);
            return;
        }

        var dropped = hasToken ? await Admission.LeaveForbiddenAsync(session) : [];
        session.SaidHello = true;
        long? gpid = server == absent ? null : (server << 16) + worker;
        // Whoever learns the number from the reply's receiver may use it at once: the channel comes before the reply.
        var own = gpid is null ? null : await Subscribing.EnterAsync(session, command, $"{gpid}");
        if (gpid is not null && own is null) return;

        var identity = session.Identity;
        var hello = new Hello(
            session.Id,
            session.Host.Node.Id,
            gpid,
            session.Host.Options.PingInterval,
            identity.User,
            identity.ExpiresAt - session.Host.Clock.GetUtcNow(),
            dropped);
        session.Answer(new ValueTask<Hello>(hello), command, HelloReply);
        session.FlushReplies();
        if (own is not null) await Subscribing.GoLiveAsync(session, own);
    }

    public static ValueTask PingAsync(CommandSession session, Command command)
    {
        session.Answer(new ValueTask<DateTimeOffset>(session.Host.Clock.GetUtcNow()), command, Pong);
        return default;
    }

    public static async ValueTask QuotaAsync(CommandSession session, Command command)
    {
        ChannelRule? rule = null;
        RateState state = default;
        if (command.KeyKind != KeyKind.Missing)
        {
            if (!Arguments.TryKey(session, command, mayBeSystem: false, out var channel)) return;
            if (!Permits.CheckPublishing(session, command, channel)) return;

            rule = session.Host.Rules.RuleFor(channel);
        }
        else if (!Permits.CheckKnown(session, command))
        {
            return;
        }

        if (rule is { Options.RateLimit: > 0 })
        {
            state = await session.Host.Engine.User(session.RateUser).QuotaAsync(Publishing.LimitOf(rule), session.Closed);
        }

        session.Answer(new ValueTask<Quota>(new Quota(rule, state, [.. session.Traffic.Read()])), command, QuotaReply);
    }

    private static ValueTask<Failure?> AdmitAsync(CommandSession session, Command command)
    {
        command.TryGetText(CommandField.Token, out var token, out _);
        return Admission.AdmitAsync(session, token);
    }

    private static void WriteTraffic(ReplyWriter reply, IReadOnlyList<TrafficLimit> traffic)
    {
        if (traffic.Count == 0) return;

        reply.Property("traffic"u8);
        reply.BeginArray();
        foreach (var (of, what, reading) in traffic)
        {
            reply.Element();
            reply.BeginObject();
            reply.Property("of"u8);
            reply.Text(of);
            reply.Property("what"u8);
            reply.Text(what);
            reply.Property("limit"u8);
            reply.Number(reading.Limit);
            reply.Property("remaining"u8);
            reply.Number(reading.Remaining);
            reply.Property("retryAfter"u8);
            reply.Number((long)Math.Ceiling(reading.RetryAfter.TotalMilliseconds));
            reply.EndObject();
        }

        reply.EndArray();
    }

    private static void WriteDropped(ReplyWriter reply, IReadOnlyList<string> dropped)
    {
        if (dropped.Count == 0) return;

        reply.Property("dropped"u8);
        reply.BeginArray();
        foreach (var name in dropped)
        {
            reply.Element();
            reply.Text(name);
        }

        reply.EndArray();
    }

    /// <param name="Rule">The channel's; null where no channel was named.</param>
    /// <param name="State">What is left of the rule's rate limit, where it has one.</param>
    private sealed record Quota(ChannelRule? Rule, RateState State, IReadOnlyList<TrafficLimit> Traffic);

    /// <param name="Gpid">The number of the channel by which this process is addressed; null where it gave no ids.</param>
    /// <param name="ExpiresIn">How long the token is good for: a time and no moment, since clocks differ.</param>
    /// <param name="Dropped">Subscriptions that the new token does not grant, and that are over.</param>
    private sealed record Hello(
        string Connection,
        string Node,
        long? Gpid,
        TimeSpan Ping,
        string? User,
        TimeSpan? ExpiresIn,
        IReadOnlyList<string> Dropped);
}
