using System.Globalization;
using Signalbox.Core.Mqtt;

namespace Signalbox.Gateways.Mqtt;

// What the client publishes at QoS 2: once, however often it says it.
internal sealed partial class MqttClient
{
    /// <summary>Whether the channel has this message of the client: it is not published twice.</summary>
    public bool HasTaken(ushort packetId)
    {
        using (_gate.Enter()) return _session.BegunOf(packetId) is { } begun && (begun.IsTaken || _log is null);
    }

    /// <summary>PUBLISH at QoS 2, new or not known to have come to its channel.</summary>
    /// <param name="id">The id to publish it with, when what was said of the session is kept; null where no other process
    /// will ever hear of it.</param>
    /// <returns>False where the client has begun more than allowed.</returns>
    public bool TryBegin(ushort packetId, string channel, out string? id)
    {
        using (_gate.Enter())
        {
            id = null;
            if (!_session.TryBegin(packetId, channel, out var begun)) return false;

            if (begun is not null) Do(begun, isWaitedFor: true);
            if (_log is not null) id = IdOf(_session.BegunOf(packetId)!.Value); // It is begun.
            return true;
        }
    }

    /// <summary>Whether the client may still say this message again.</summary>
    public bool IsBegun(ushort packetId, string id)
    {
        using (_gate.Enter()) return _session.BegunOf(packetId) is { } begun && IdOf(begun) == id;
    }

    /// <summary>The channel has the message.</summary>
    public void Take(ushort packetId)
    {
        using (_gate.Enter())
        {
            if (_log is not null && _session.Take(packetId) is { } taken) Do(taken);
        }
    }

    /// <summary>PUBREL, or our refusal.</summary>
    /// <returns>Whether there was such a message.</returns>
    public bool TryFinish(ushort packetId)
    {
        BegunPublish begun;
        using (_gate.Enter())
        {
            if (_session.BegunOf(packetId) is not { } known) return false;

            begun = known;
            Do(new PublishEnded(packetId), isWaitedFor: true);
        }

        // Nobody says it again from here on. It costs nothing here, and is not waited for.
        if (_log is not null) _host.Background.Add(Sessions.Engine.Channel(begun.Channel).ForgetAsync(IdOf(begun), CancellationToken.None).AsTask());
        return true;
    }

    private string IdOf(BegunPublish begun) => string.Create(CultureInfo.InvariantCulture, $"mqtt/{_session.Id}/{begun.Number}");
}
