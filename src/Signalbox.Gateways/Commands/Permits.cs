using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>Whether the session may do what its command asks for. Each method says no by answering with the error and
/// returning false.</summary>
internal static class Permits
{
    public static bool Check(Session session, Command command, Deed deed, string name) =>
        session.Identity.Rights.Allow(deed, name) || Refuse(session, command, name);

    /// <summary>Whether the messages of this channel or filter may be read.</summary>
    public static bool CheckReading(Session session, Command command, string name) =>
        session.Identity.Rights.AllowReading(name) || Refuse(session, command, name);

    public static bool CheckPresence(Session session, Command command, string channel) =>
        session.Identity.Rights.AllowPresence(channel) || Refuse(session, command, channel);

    /// <summary>For what concerns all names, or other people's connections.</summary>
    public static bool CheckAdmin(Session session, Command command)
    {
        if (session.Identity.Rights.IsAdmin) return true;
        if (!CheckKnown(session, command)) return false;

        session.Fail(command, ErrorCode.Forbidden, "This is for those who may do everything: it needs the right 'admin'.");
        return false;
    }

    /// <summary>For what anybody may do who may do anything.</summary>
    public static bool CheckKnown(Session session, Command command)
    {
        if (!session.Identity.MustSayWho) return true;

        session.FailAndClose(command, ErrorCode.Unauthorized, "Say who you are first: begin with 'hello' and a 'token'.");
        return false;
    }

    private static bool Refuse(Session session, Command command, string name)
    {
        if (!CheckKnown(session, command)) return false;

        var whose = session.Identity.IsAnonymous ? "Without a token it is not granted" : "Your token does not grant it";
        session.Fail(command, ErrorCode.Forbidden, $"{whose}: you have no right to this on '{name}'.");
        return false;
    }
}
