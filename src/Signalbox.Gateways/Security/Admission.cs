using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Security;

/// <summary>Puts an identity to use for a session: what a gateway calls when a token or key has come.</summary>
internal static class Admission
{
    /// <summary>Lets the session in with this credential, or goes on with it where the session is in already.</summary>
    /// <returns>The error to answer with, after which the session ends; null where all is well.</returns>
    public static ValueTask<Failure?> AdmitAsync(Session session, ReadOnlySpan<byte> credential)
    {
        var error = session.Host.Doors.TryAdmit(credential, out var identity);
        return error == TokenError.None
            ? AdmitAsync(session, identity!) // There is one where there is no error.
            : new(new Failure(ErrorCode.Unauthorized, TokenErrors.Explain(error), null));
    }

    /// <summary>Lets a new session in as whoever its first request said, before any command of it; or ends it with the
    /// reason, which it is then told like any other.</summary>
    public static async ValueTask EnterAsync(Session session, Identity identity)
    {
        try
        {
            if (await AdmitAsync(session, identity) is { } failure) session.EndFor(SessionEnd.Of(failure));
        }
        catch (LogFailedException)
        {
            session.EndFor(SessionEnd.Of(Failure.LogFailed));
        }
    }

    /// <returns>The error to answer with, where the session is not let in as this; null where all is well.</returns>
    public static async ValueTask<Failure?> AdmitAsync(Session session, Identity identity)
    {
        var before = session.Identity;
        if (session.Host.Backend.AsksToConnect && !identity.MustSayWho)
        {
            (var denied, identity) = await session.Host.Backend.ConnectAsync(session, identity);
            if (denied is not null) return denied;
        }

        if (identity == before) return null;
        if (before.User is not null && before.User != identity.User)
        {
            return new Failure(ErrorCode.Forbidden, "A connection stays its user's: connect anew as somebody else.", null);
        }

        // Before the engine hears of it: whoever revokes this token meanwhile finds the session here, or it is refused.
        session.Become(identity);
        if (identity.User is not { } user) return null;

        var isNew = before.User is null;
        if (isNew) session.Host.Node.Enlist(session, user);
        var refusal = await AskAsync(session, user, identity);
        if (refusal == Refusal.None) return null;

        if (isNew) session.Host.Node.Discharge(session, user);
        session.Become(before);
        return Failure.Of(refusal);
    }

    /// <summary>Leaves what the session subscribes to and may not read any more.</summary>
    /// <returns>The names of that.</returns>
    public static async ValueTask<IReadOnlyList<string>> LeaveForbiddenAsync(CommandSession session)
    {
        var (rules, identity) = (session.Host.Rules, session.Identity);
        string[] forbidden = [.. session.Subscriptions.Names.Where(name => !Permits.MayRead(rules, identity, name))];
        foreach (var name in forbidden) await session.Subscriptions.LeaveAsync(session, name);
        return forbidden;
    }

    /// <summary>The session is over: its user has one connection less.</summary>
    public static async ValueTask DismissAsync(Session session)
    {
        session.ExpireAt(null);
        if (session.Identity.User is not { } user) return;

        session.Host.Node.Discharge(session, user);
        if (!session.IsRequest) await session.Host.Engine.User(user).CloseAsync(session.Id, CancellationToken.None);
    }

    // A request is nowhere to be found a moment later: it makes nobody be online.
    private static async ValueTask<Refusal> AskAsync(Session session, string user, Identity identity)
    {
        var machine = session.Host.Engine.User(user);
        if (!session.IsRequest) return await machine.OpenAsync(ConnectionOf(session, identity), session.Closed);
        return identity.Token is { } token ? await machine.CheckAsync(token, session.Closed) : Refusal.None;
    }

    private static UserConnection ConnectionOf(Session session, Identity identity) =>
        new(session.Id, session.Host.Node.Id, session.Peer, session.Protocol, session.Name, session.Since, identity.Token);
}
