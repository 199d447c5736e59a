using System.Text.Json;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Hashes;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>set, get, delete, incr, count, deleteall and keys.</summary>
internal static class HashCommands
{
    private static readonly ReplyBody<SetAnswer> SetReply = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("version"u8);
        reply.Number(answer.Version);
        reply.EndObject();
    };

    private static readonly ReplyBody<HashValue?> GetReply = static (reply, head, value) =>
    {
        Replies.Begin(reply, head);
        if (value is null)
        {
            reply.Property("value"u8);
            reply.Null();
        }
        else
        {
            JsonDeliveries.WritePayload(reply, value.Value);
            reply.Property("version"u8);
            reply.Number(value.Version);
            if (value.ExpiresAt is { } expiresAt)
            {
                reply.Property("expire"u8);
                reply.Number(expiresAt.ToUnixTimeSeconds());
            }
        }

        reply.EndObject();
    };

    private static readonly ReplyBody<DeleteAnswer> DeleteReply = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("deleted"u8);
        reply.Boolean(answer.Existed);
        reply.EndObject();
    };

    private static readonly ReplyBody<IncrementAnswer> IncrementReply = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.Number(answer.Sum);
        reply.Property("version"u8);
        reply.Number(answer.Version);
        reply.EndObject();
    };

    public static ValueTask SetAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var key)) return default;
        if (!Permits.Check(session, command, Deed.WriteKey, key)) return default;
        if (!Arguments.TryPayload(session, command, out var payload)) return default;
        if (!Arguments.TryNumber(session, command, CommandField.Expire, 0, MaxUnixSeconds, 0, out var expire)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Ttl, out var ttl)) return default;
        if (!TryCondition(session, command, out var condition)) return default;
        if (!Arguments.TryText(session, command, CommandField.Id, out var id)) return default;

        DateTimeOffset? expiresAt = expire == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(expire);
        var request = new SetRequest(payload, expiresAt, ttl, condition, id);
        session.Answer(session.Host.Engine.Hash(key).SetAsync(request, session.Closed), command, SetReply);
        return default;
    }

    public static ValueTask GetAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: true, out var key)) return default;
        if (!Permits.Check(session, command, Deed.ReadKey, key)) return default;

        session.Answer(session.Host.Engine.Hash(key).GetAsync(session.Closed), command, GetReply);
        return default;
    }

    public static ValueTask DeleteAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var key)) return default;
        if (!Permits.Check(session, command, Deed.WriteKey, key)) return default;
        if (!TryCondition(session, command, out var condition)) return default;

        session.Answer(session.Host.Engine.Hash(key).DeleteAsync(condition, session.Closed), command, DeleteReply);
        return default;
    }

    public static ValueTask IncrementAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var key)) return default;
        if (!Permits.Check(session, command, Deed.WriteKey, key)) return default;
        if (!Arguments.TryNumber(session, command, CommandField.By, long.MinValue, long.MaxValue, 1, out var by)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Ttl, out var ttl)) return default;
        if (!Arguments.TryText(session, command, CommandField.Id, out var id)) return default;

        var request = new IncrementRequest(by, ttl, id);
        session.Answer(session.Host.Engine.Hash(key).IncrementAsync(request, session.Closed), command, IncrementReply);
        return default;
    }

    public static ValueTask CountAsync(CommandSession session, Command command)
    {
        // How many there are of which nobody told it is nobody's business: whoever may read all may count all.
        if (!Permits.Check(session, command, Deed.ReadKey, "#")) return default;

        session.Answer(session.Host.Engine.CountKeysAsync(session.Closed), command, Replies.Number);
        return default;
    }

    public static ValueTask DeleteAllAsync(CommandSession session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return default;

        session.Answer(session.Host.Engine.DeleteAllKeysAsync(session.Closed), command, Replies.Cleared);
        return default;
    }

    public static ValueTask KeysAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryList(session, command, out var request)) return default;

        if (!Permits.CheckKnown(session, command)) return default;

        var rights = session.Identity.Rights;
        var keys = session.Host.Engine.ListKeysAsync(request, session.Closed);
        session.Answer(
            rights.IsAdmin ? keys : Listings.SeenAsync(keys, key => rights.Allow(Deed.ReadKey, key) ? key : null),
            command,
            Listings.Names);
        return default;
    }

    // The last second of the year 9999, which is where dates end here.
    private const long MaxUnixSeconds = 253_402_300_799;

    private static bool TryCondition(CommandSession session, Command command, out SetCondition condition)
    {
        condition = SetCondition.Always;
        switch (command.TypeOf(CommandField.If))
        {
            case JsonTokenType.None or JsonTokenType.Null:
                return true;

            case JsonTokenType.Number when command.TryGetInt64(CommandField.If, out var version, out _) && version >= 0:
                condition = SetCondition.AtVersion(version);
                return true;

            case JsonTokenType.String when command.TryGetText(CommandField.If, out var text, out _):
                if (text.SequenceEqual("absent"u8)) condition = SetCondition.Absent;
                else if (text.SequenceEqual("present"u8)) condition = SetCondition.Present;
                else break;
                return true;
        }

        session.Fail(command, ErrorCode.Malformed, "The field 'if' must be \"absent\", \"present\" or a version.");
        return false;
    }
}
