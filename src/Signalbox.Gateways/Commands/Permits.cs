using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>Whether the session may do what its command asks for. Each method says no by answering with the error and
/// returning false.</summary>
internal static class Permits
{
    public static bool Check(CommandSession session, Command command, Deed deed, string name) =>
        session.Identity.Rights.Allow(deed, name) || Refuse(session, command, name);

    public static bool CheckPublishing(CommandSession session, Command command, string channel)
    {
        if (!Check(session, command, Deed.Publish, channel)) return false;
        if (session.Host.Rules.AgainstPublishing(session.Identity.Who, channel) is not { } rule) return true;

        session.Fail(command, ErrorCode.Forbidden, Explain(rule, rule.Options.Publish, "publish", channel));
        return false;
    }

    /// <summary>Whether the messages of this channel or filter may be read.</summary>
    public static bool CheckReading(CommandSession session, Command command, string name)
    {
        if (!session.Identity.MayRead(name)) return Refuse(session, command, name);
        if (AgainstReading(session.Host.Rules, session.Identity, name) is not { } sentence) return true;

        session.Fail(command, ErrorCode.Forbidden, sentence);
        return false;
    }

    public static bool CheckPresence(CommandSession session, Command command, string channel)
    {
        if (!session.Identity.Rights.AllowPresence(channel)) return Refuse(session, command, channel);
        if (AgainstReading(session.Host.Rules, session.Identity, channel) is not { } sentence) return true;

        session.Fail(command, ErrorCode.Forbidden, sentence);
        return false;
    }

    public static bool MayRead(ChannelRules rules, Identity identity, string name) =>
        identity.MayRead(name) && rules.AgainstSubscribing(identity.Who, name) is null;

    public static bool MayPublish(ChannelRules rules, Identity identity, string channel) =>
        identity.Rights.Allow(Deed.Publish, channel) && rules.AgainstPublishing(identity.Who, channel) is null;

    public static bool MaySeePresence(ChannelRules rules, Identity identity, string channel) =>
        identity.Rights.AllowPresence(channel) && rules.AgainstSubscribing(identity.Who, channel) is null;

    /// <returns>Which rule of the channels does not let the messages be read, in a sentence for who asks; null for none.</returns>
    public static string? AgainstReading(ChannelRules rules, Identity identity, string name) =>
        rules.AgainstSubscribing(identity.Who, name) is { } rule
            ? Explain(rule, rule.Options.Subscribe, "subscribe", name)
            : null;

    /// <summary>For what concerns all names, or other people's connections.</summary>
    public static bool CheckAdmin(CommandSession session, Command command)
    {
        if (session.Identity.Rights.IsAdmin) return true;
        if (!CheckKnown(session, command)) return false;

        session.Fail(command, ErrorCode.Forbidden, "This is for those who may do everything: it needs the right 'admin'.");
        return false;
    }

    /// <summary>For what anybody may do who may do anything.</summary>
    public static bool CheckKnown(CommandSession session, Command command)
    {
        if (!session.Identity.MustSayWho) return true;

        session.FailAndClose(command, ErrorCode.Unauthorized, "Say who you are first: begin with 'hello' and a 'token'.");
        return false;
    }

    private static string Explain(ChannelRule rule, Who who, string deed, string name)
    {
        var whom = who switch
        {
            Who.Users => "only users and API keys",
            Who.Keys => "only API keys",
            _ => "nobody from outside",
        };
        return $"The server's rule for '{rule.Filter}' lets {whom} {deed}, and '{name}' reaches into it.";
    }

    private static bool Refuse(CommandSession session, Command command, string name)
    {
        if (!CheckKnown(session, command)) return false;

        var whose = session.Identity.IsAnonymous ? "Without a token it is not granted" : "Your token does not grant it";
        session.Fail(command, ErrorCode.Forbidden, $"{whose}: you have no right to this on '{name}'.");
        return false;
    }
}
