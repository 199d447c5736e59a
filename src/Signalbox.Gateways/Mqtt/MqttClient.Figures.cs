using Signalbox.Core.Channels;

namespace Signalbox.Gateways.Mqtt;

// The figures of the process, where the client subscribes to them.
internal sealed partial class MqttClient
{
    public bool WantsFigures
    {
        get
        {
            using (_gate.Enter())
            {
                return !_session.HasEnded
                    && _session.Subscriptions.Any(one => one.Group is null && one.Filter.StartsWith(MqttFigures.Prefix, StringComparison.Ordinal));
            }
        }
    }

    /// <summary>Gives it those that it subscribes to; who is away or behind gets later ones.</summary>
    public void Tell(List<(string Channel, Message Message)> figures)
    {
        using (_gate.Enter())
        {
            if (_connection is not { } connection || _session.HasEnded || connection.Outbound.IsBehind) return;

            foreach (var (channel, message) in figures)
            {
                if (_session.Match(channel, message, Id) is { } delivery) SendOnce(connection, channel, message, delivery);
            }
        }
    }
}
