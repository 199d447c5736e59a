using Signalbox.Gates;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>The shared subscriptions of a process.</summary>
internal sealed class MqttShares(MqttHost host)
{
    private readonly Gate _gate = new(GateRank.MqttShares);
    private readonly Dictionary<string, MqttShare> _shares = new(StringComparer.Ordinal);

    private SessionHost Sessions => host.Sessions;

    /// <param name="key">The whole of <c>$share/group/filter</c>.</param>
    public async ValueTask JoinAsync(string key, string filter, MqttClient client)
    {
        MqttShare? share;
        var isNew = false;
        using (_gate.Enter())
        {
            if (!_shares.TryGetValue(key, out share))
            {
                share = new MqttShare(key);
                _shares.Add(key, share);
                isNew = true;
            }

            share.Add(client);
        }

        if (isNew) await share.BeginAsync(Sessions.Node, filter);
    }

    public async ValueTask LeaveAsync(string key, MqttClient client)
    {
        MqttShare? share;
        using (_gate.Enter())
        {
            if (!_shares.TryGetValue(key, out share) || !share.Remove(client)) return;
            _shares.Remove(key);
        }

        await share.EndAsync(Sessions.Node);
    }

    public MqttShare? Find(string key)
    {
        using (_gate.Enter()) return _shares.GetValueOrDefault(key);
    }
}
