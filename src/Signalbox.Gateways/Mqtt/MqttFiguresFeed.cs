using Signalbox.Gates;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Tells the figures again and again to the clients that subscribe to them; where there is none it does nothing.</summary>
internal sealed class MqttFiguresFeed(MqttHost host) : IDisposable
{
    private readonly Gate _gate = new(GateRank.MqttFigures);
    private readonly HashSet<MqttClient> _clients = [];
    private ITimer? _timer;

    public void Add(MqttClient client)
    {
        var interval = host.Options.FiguresInterval;
        if (interval == TimeSpan.Zero) return;

        using (_gate.Enter())
        {
            _clients.Add(client);
            _timer ??= host.Sessions.Clock.CreateTimer(static state => ((MqttFiguresFeed)state!).Tell(), this, interval, interval);
        }
    }

    public void Dispose()
    {
        using (_gate.Enter()) _timer?.Dispose();
    }

    private void Tell()
    {
        MqttClient[] clients;
        using (_gate.Enter())
        {
            _clients.RemoveWhere(client => !client.WantsFigures);
            clients = [.. _clients];
            if (clients.Length == 0)
            {
                _timer?.Dispose();
                _timer = null;
                return;
            }
        }

        var figures = host.Figures.Messages(host.Clients.Count, host.Sessions.Node.Id);
        foreach (var client in clients) client.Tell(figures);
    }
}
