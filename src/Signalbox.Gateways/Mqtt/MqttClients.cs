namespace Signalbox.Gateways.Mqtt;

/// <summary>The clients of a process that have a session, by whom they belong to and how they call themselves.</summary>
/// <remarks>
/// The name of a client is its user's own: two users may have a client of the same name, and neither can take over the
/// other's session, nor see what waits there.
/// </remarks>
internal sealed class MqttClients(MqttHost host)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Owner, string Name), MqttClient> _clients = [];
    private long _lastNumber;

    public int Count
    {
        get
        {
            lock (_gate) return _clients.Count;
        }
    }

    /// <summary>Finds the session for a client that connects, or makes it; whoever has it now is told to go.</summary>
    /// <returns>Null where there are as many as allowed; and whether the session was there before.</returns>
    public async ValueTask<(MqttClient? Client, bool IsPresent)> ClaimAsync(
        string? owner, string name, bool isClean, string peer)
    {
        MqttClient? known;
        lock (_gate) _clients.TryGetValue((owner, name), out known);

        if (known is not null)
        {
            // A session that is not to outlive its connection is at its end with that.
            known.Leave(known.Connection, MqttEnd.TakenOver);
            if (isClean) known.End();
            if (known.IsOver) await known.WhenGoneAsync();
            else return (known, true);
        }

        lock (_gate)
        {
            // Somebody of the same name may have been faster: both mean the same session.
            if (_clients.TryGetValue((owner, name), out known) && !known.IsOver) return (known, false);
            if (_clients.Count >= host.Options.MaxSessions) return (null, false);

            var client = new MqttClient(host, (owner, name), $"mqtt-{++_lastNumber}-{name}", peer);
            _clients[(owner, name)] = client;
            return (client, false);
        }
    }

    public void Remove(MqttClient client)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(client.Key, out var known) && known == client) _clients.Remove(client.Key);
        }
    }
}
