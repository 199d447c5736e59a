using System.Net;
using System.Net.Sockets;
using Signalbox.Gateways.Tests.Mqtt;
using Signalbox.Protocol.Mqtt;

namespace Signalbox.Server.Tests.Killing;

/// <summary>A reader, a publisher at QoS 1 and one at QoS 2, who keep their sessions and remember what was said.</summary>
internal sealed class MqttLoad(int port)
{
    private const string Topic = "log/mqtt";
    private const uint Expiry = 3600;

    private readonly List<string> _got = [];
    private readonly HashSet<ushort> _received = [];
    private readonly List<string> _acknowledged = [];
    private readonly List<string> _released = [];
    private bool _hasSession;
    private int _number;
    private (ushort Id, string Text, bool IsReceived)? _open;

    /// <summary>Goes on until the server is gone; calls <paramref name="kill"/> after this many messages were read.</summary>
    public async Task RunAsync(int messages, Action kill)
    {
        await using var reader = await ComeAsync("reader");
        if (!_hasSession) await reader.SubscribeAsync(Topic, qos: 2);
        await using var once = await ComeAsync("once");
        await using var atLeast = await ComeAsync("atLeast");
        _hasSession = true;

        var enough = _got.Count + messages;
        var all = new[]
        {
            UntilGoneAsync(async () =>
            {
                await ReadOneAsync(reader);
                if (_got.Count == enough) kill();
            }),
            UntilGoneAsync(() => PublishOnceAsync(once)),
            UntilGoneAsync(() => PublishAsync(atLeast)),
        };
        // Whoever fails ends it for all: the others would go on for ever.
        await foreach (var ended in Task.WhenEach(all)) await ended;
    }

    /// <summary>Ends what is open, reads all there is, and looks whether it is what was promised.</summary>
    public async Task CheckAsync()
    {
        await using var reader = await ComeAsync("reader");
        await using var once = await ComeAsync("once");
        if (_open is not null) await PublishOnceAsync(once);
        await once.PublishAsync(Topic, "the end", qos: 2, id: 9);
        while (!_got.Contains("the end")) await ReadOneAsync(reader);

        Assert.Equal(_released, _got.Where(text => text.StartsWith("2-", StringComparison.Ordinal)));
        var atLeastOnce = _got.Where(text => text.StartsWith("1-", StringComparison.Ordinal)).Distinct().ToHashSet();
        Assert.Equal([], _acknowledged.Except(atLeastOnce));
        Assert.NotEmpty(_released);
        Assert.NotEmpty(_acknowledged);
    }

    private async Task<MqttTalker> ComeAsync(string name)
    {
        var client = await MqttTalker.OpenAsync(new IPEndPoint(IPAddress.Loopback, port), name, MqttVersion.V5);
        var answer = await client.ConnectAsync(name, isClean: false, Expiry);
        Assert.Equal(_hasSession, answer.SessionPresent);
        return client;
    }

    private async Task ReadOneAsync(MqttTalker reader)
    {
        var packet = await reader.ReadAsync("a message");
        var text = packet.Text.Length > 0 ? packet.Text.Split('=', ' ')[1] : "";
        switch (packet.Type)
        {
            case MqttPacketType.PubRel:
                _received.Remove(packet.PacketId);
                await reader.AckAsync(MqttPacketType.PubComp, packet.PacketId);
                break;

            case MqttPacketType.Publish when packet.Publish.Qos == MqttQos.AtLeastOnce:
                _got.Add(text);
                await reader.AckAsync(MqttPacketType.PubAck, packet.PacketId);
                break;

            case MqttPacketType.Publish:
                if (_received.Add(packet.PacketId)) _got.Add(text == "the" ? "the end" : text);
                await reader.AckAsync(MqttPacketType.PubRec, packet.PacketId);
                break;
        }
    }

    private async Task PublishAsync(MqttTalker writer)
    {
        var text = $"1-{Interlocked.Increment(ref _number)}";
        await writer.PublishAsync(Topic, text, qos: 1, id: 1);
        await writer.ReadAsync("PUBACK");
        _acknowledged.Add(text);
    }

    // The one before may be open, and goes on where it was, as the standard wants it.
    private async Task PublishOnceAsync(MqttTalker writer)
    {
        var isAgain = _open is not null;
        var open = _open ??= ((ushort)(1 + (_released.Count % 3)), $"2-{Interlocked.Increment(ref _number)}", false);
        if (!open.IsReceived)
        {
            await writer.PublishAsync(Topic, open.Text, qos: 2, id: open.Id, isDuplicate: isAgain);
            await writer.ReadAsync("PUBREC");
            _open = open with { IsReceived = true };
        }

        await writer.AckAsync(MqttPacketType.PubRel, open.Id);
        await writer.ReadAsync("PUBCOMP");
        _released.Add(open.Text);
        _open = null;
    }

    private static async Task UntilGoneAsync(Func<Task> step)
    {
        try
        {
            while (true) await step();
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException)
        {
            // The server is gone.
        }
    }
}
