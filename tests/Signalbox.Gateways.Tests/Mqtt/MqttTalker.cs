using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A client that does what a test says and nothing by itself: it acknowledges nothing, and pings nobody.</summary>
internal sealed class MqttTalker : IAsyncDisposable
{
    // Far longer than anything takes: whoever waits this long waits in vain.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly Socket _socket;
    private byte[] _bytes = [];

    private MqttTalker(string name, Socket socket, MqttVersion version)
    {
        _name = name;
        _socket = socket;
        Version = version;
    }

    public MqttVersion Version { get; }

    public static async Task<MqttTalker> OpenAsync(IPEndPoint server, string name, MqttVersion version)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return new MqttTalker(name, socket, version);
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static MqttProperties Properties(Action<MqttPropertyBuilder> add)
    {
        var builder = new MqttPropertyBuilder();
        add(builder);
        return builder.Build();
    }

    /// <summary>Says CONNECT, and waits for a CONNACK that lets it in.</summary>
    public async Task<MqttSeen> ConnectAsync(
        string name, bool isClean = true, uint expiry = 0, Func<MqttConnect, MqttConnect>? change = null)
    {
        var properties = expiry == 0 ? default : Properties(to => to.Add(MqttPropertyId.SessionExpiryInterval, expiry));
        var connect = new MqttConnect { Version = Version, CleanStart = isClean, ClientId = Bytes(name), Properties = properties };
        var answer = await AskAsync((change?.Invoke(connect) ?? connect).Write);
        if (answer is not { Type: MqttPacketType.ConnAck, Reason: MqttReasonCode.Success }) throw new InvalidDataException($"{_name} was not let in: {answer}");
        return answer;
    }

    public Task PublishAsync(
        string topic, string payload, int qos = 0, ushort id = 0, bool retain = false, bool isDuplicate = false, MqttProperties properties = default) =>
        SendAsync(output => new MqttPublish
        {
            Topic = Bytes(topic),
            Payload = Bytes(payload),
            Qos = (MqttQos)qos,
            PacketId = id,
            Retain = retain,
            IsDuplicate = isDuplicate,
            Properties = properties,
        }.Write(output, Version));

    /// <summary>Subscribes to one filter, and waits for the answer.</summary>
    public async Task<MqttReasonCode> SubscribeAsync(
        string filter, int qos = 0, uint identifier = 0, Func<MqttSubscription, MqttSubscription>? change = null)
    {
        MqttTopicFilter.Read(Version, Bytes(filter), out var read);
        var subscription = new MqttSubscription { Filter = read, Qos = (MqttQos)qos };
        if (change is not null) subscription = change(subscription);
        var properties = identifier == 0 ? default : Properties(to => to.Add(MqttPropertyId.SubscriptionIdentifier, identifier));
        var answer = await AskAsync(output => MqttSubscribe.Write(output, Version, 999, properties, [subscription]));
        return (MqttReasonCode)answer.Reasons.Single();
    }

    public async Task<MqttReasonCode> UnsubscribeAsync(string filter)
    {
        MqttTopicFilter.Read(Version, Bytes(filter), out var read);
        var answer = await AskAsync(output => MqttUnsubscribe.Write(output, Version, 998, default, [read]));
        return (MqttReasonCode)answer.Reasons.SingleOrDefault();
    }

    public Task AckAsync(MqttPacketType type, ushort id, MqttReasonCode reason = MqttReasonCode.Success) =>
        SendAsync(output => new MqttAck { Type = type, PacketId = id, Reason = reason }.Write(output, Version));

    public Task DisconnectAsync(MqttReasonCode reason = MqttReasonCode.Success, MqttProperties properties = default) =>
        SendAsync(output => new MqttDisconnect { Reason = reason, Properties = properties }.Write(output, Version));

    public Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return SendRawAsync(output.WrittenMemory);
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    public async Task<MqttSeen> AskAsync(Action<IBufferWriter<byte>> write)
    {
        await SendAsync(write);
        return await ReadAsync("the answer");
    }

    /// <summary>Waits until all that was sent before is done.</summary>
    /// <returns>What came meanwhile.</returns>
    public async Task<List<string>> SyncAsync()
    {
        var skipped = new List<string>();
        // What a turn sets in motion comes behind its answers, and before those of the next.
        for (var i = 0; i < 2; i++)
        {
            await SendRawAsync(MqttPing.Request);
            while (await ReadAsync("the answer to a ping") is { Type: not MqttPacketType.PingResp } packet) skipped.Add(packet.ToString());
        }

        return skipped;
    }

    /// <summary>Waits for the next packet.</summary>
    /// <param name="phase">What is waited for, for the message of a test that fails.</param>
    public async Task<MqttSeen> ReadAsync(string phase) =>
        await TryReadAsync(phase) ?? throw new EndOfStreamException($"{_name} was closed while it waited for {phase}.");

    /// <summary>Waits for the end of the connection; nothing may come before.</summary>
    public async Task ReadEndAsync(string phase)
    {
        if (await TryReadAsync(phase) is { } packet) throw new InvalidDataException($"{_name} got {packet} and not {phase}.");
    }

    /// <summary>Ends without a word.</summary>
    public void Drop() => _socket.Dispose();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<MqttSeen?> TryReadAsync(string phase)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            if (TryTake() is { } packet) return packet;

            try
            {
                var read = await _socket.ReceiveAsync(buffer, patience.Token);
                if (read == 0) return null;
                _bytes = [.. _bytes, .. buffer.AsSpan(0, read)];
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{_name} waited {Patience.TotalSeconds} s for {phase}.");
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    private MqttSeen? TryTake()
    {
        var buffer = new ReadOnlySequence<byte>(_bytes);
        var status = MqttFrameCodec.TryRead(ref buffer, Version, 1 << 24, out var frame, out var error);
        if (status == MqttFrameStatus.Broken) throw new InvalidDataException($"{_name} got what is no packet: {error}");
        if (status != MqttFrameStatus.Complete) return null;

        var seen = MqttSeen.Read(Version, frame);
        _bytes = buffer.ToArray();
        return seen;
    }
}
