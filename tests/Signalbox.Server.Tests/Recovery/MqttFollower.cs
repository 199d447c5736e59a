using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Signalbox.Gateways.Tests.Mqtt;
using Signalbox.Protocol.Mqtt;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>
/// A session of MQTT at QoS 2: comes back to what it has not answered, and to what it missed. There is no offset in a
/// packet; what it has of the channel is the server's to know.
/// </summary>
internal sealed class MqttFollower(int port, int seed) : Follower(port, seed)
{
    // What it has, and may be told of again until its release.
    private readonly HashSet<ushort> _received = [];
    private bool _hasSession;

    public override async Task FollowAsync()
    {
        while (!IsDone)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception e) when (e is EndOfStreamException or SocketException)
            {
                // Cut.
            }
        }
    }

    private async Task ReadAsync()
    {
        await using var client = await MqttTalker.OpenAsync(IPEndPoint.Parse(Cable.Endpoint), "follower", MqttVersion.V5);
        var answer = await client.ConnectAsync("follower", isClean: false, expiry: 3600);
        Assert.Equal(_hasSession, answer.SessionPresent);
        if (!_hasSession) await client.SubscribeAsync(Channel, qos: 2);
        _hasSession = true;
        IsReady();
        while (!IsDone) await ReadOneAsync(client);
    }

    private async Task ReadOneAsync(MqttTalker client)
    {
        var packet = await client.ReadAsync("a message");
        if (packet.Type == MqttPacketType.PubRel)
        {
            _received.Remove(packet.PacketId);
            await client.AckAsync(MqttPacketType.PubComp, packet.PacketId);
            return;
        }

        Assert.Equal((MqttPacketType.Publish, MqttQos.ExactlyOnce), (packet.Type, packet.Publish.Qos));
        var value = packet.Text.Split('=', ' ')[1];
        if (_received.Add(packet.PacketId)) Note(long.Parse(value, CultureInfo.InvariantCulture), value);
        await client.AckAsync(MqttPacketType.PubRec, packet.PacketId);
    }
}
