using System.Security.Cryptography;
using Signalbox.Core.Mqtt;
using Signalbox.Gates;

namespace Signalbox.Gateways.Mqtt;

/// <summary>The clients of a process that have a session, by whom they belong to and how they call themselves.</summary>
/// <remarks>
/// The name of a client is its user's own: two users may have a client of the same name, and neither can take over the
/// other's session, nor see what waits there.
/// </remarks>
internal sealed class MqttClients(MqttHost host)
{
    private readonly Gate _gate = new(GateRank.MqttClients);
    private readonly Dictionary<(string? Owner, string Name), MqttClient> _clients = [];

    /// <summary>Each CONNECT takes its turn before it claims, until it has entered.</summary>
    public ConnectTurns Turns { get; } = new();

    public int Count
    {
        get
        {
            using (_gate.Enter()) return _clients.Count;
        }
    }

    /// <summary>Makes the clients of the sessions that the engine has kept, before anybody is let in.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var engine = host.Sessions.Engine;
        foreach (var id in await engine.ListMqttSessionsAsync(cancellationToken))
        {
            var log = engine.MqttSession(id);
            var session = new MqttSession(host.Limits);
            foreach (var fact in await log.FactsAsync(cancellationToken)) session.Apply(fact);
            var client = new MqttClient(host, session, log);
            using (_gate.Enter()) _clients[client.Key] = client;
            await client.ResumeAsync();
        }
    }

    /// <summary>Finds the session for a client that connects, or makes it; whoever has it now is told to go, when it has
    /// read what it had received: a DISCONNECT may be among that.</summary>
    /// <remarks>Only in the client's turn.</remarks>
    /// <param name="isKept">Whether it is to outlive its connection.</param>
    /// <returns>Null where there are as many as allowed, or it cannot be kept now; and whether the session was there before.</returns>
    public async ValueTask<(MqttClient? Client, bool IsPresent)> ClaimAsync(
        string? owner, string name, bool isClean, string peer, bool isKept)
    {
        MqttClient? known;
        using (_gate.Enter()) _clients.TryGetValue((owner, name), out known);

        if (known is not null)
        {
            if (known.Connection is { } connection) await connection.ReadOutAsync();
            // A session that is not to outlive its connection is at its end with that.
            known.Leave(known.Connection, MqttEnd.TakenOver);
            if (isClean) known.End();
            if (known.IsOver) await known.WhenGoneAsync();
            else return (known, true);
        }

        using (_gate.Enter())
        {
            if (_clients.Count >= host.Options.MaxSessions) return (null, false);

            var session = new MqttSession(host.Limits);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            if (isKept && !host.Sessions.Engine.MqttSession(id).HasRoom) return (null, false);

            session.Apply(new SessionOpened(id, owner, name, peer, LastPacketId: 0, LastPublish: 0));
            var client = new MqttClient(host, session, log: null);
            _clients[(owner, name)] = client;
            return (client, false);
        }
    }

    public void Remove(MqttClient client)
    {
        using (_gate.Enter())
        {
            if (_clients.TryGetValue(client.Key, out var known) && known == client) _clients.Remove(client.Key);
        }
    }
}
