using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Hooks;

/// <summary>Who wants what the backend is asked about; it may be gone by then.</summary>
internal readonly record struct Asker(string Connection, string Peer, string Protocol, string? Name, string? User)
{
    public static Asker Of(Session session) => new(session.Id, session.Peer, session.Protocol, session.Name, session.Identity.User);
}
