using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

/// <summary>One connection that speaks MQTT: reads packets, and answers them. What outlives it is its client's.</summary>
internal partial class MqttConnection : Session, IDeadline
{
    public const string ProtocolName = "mqtt";

    private readonly IDuplexPipe _transport;
    private readonly ReadOut _readOut;
    private MqttPacketType _type;
    private byte _flags;
    private byte[]? _copy;
    private string?[]? _aliases;
    private MqttSentAliases? _sentAliases;
    private TimeSpan _patience;
    private bool _wantsProblems = true;
    private bool _hasPeerClosed;

    /// <param name="received">How many bytes of it the kernel has that nobody has read yet.</param>
    public MqttConnection(MqttHost mqtt, string id, string peer, IDuplexPipe transport, Func<int> received)
        : base(mqtt.Sessions, id, peer, transport.Output)
    {
        Mqtt = mqtt;
        _transport = transport;
        _readOut = new ReadOut(received);
        // Who says nothing is nobody: until CONNECT this is all the time there is.
        ExpireAt(Host.Clock.GetUtcNow() + Host.Doors.HelloTimeout);
    }

    public override string Protocol => ProtocolName;

    /// <remarks>How long it may be silent is between the client and us: the keep alive.</remarks>
    public override bool IsWaiting => Client is not null;

    public override bool PeerIsDone => _hasPeerClosed;

    /// <summary>Whether packets are in messages of a WebSocket.</summary>
    public virtual bool IsFramed => false;

    public MqttVersion Version { get; private set; }

    /// <summary>The longest packet that the client takes.</summary>
    public int MaxPacketBytes { get; private set; } = int.MaxValue;

    /// <summary>Messages of QoS 1 and 2 that the client takes at a time.</summary>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>Whether topics may have aliases on the way to the client: then its packets are only its own.</summary>
    public bool TakesAliases => _sentAliases is not null;

    /// <summary>Null until CONNECT was answered.</summary>
    public MqttClient? Client { get; private set; }

    protected MqttHost Mqtt { get; }

    private MqttOptions Options => Mqtt.Options;

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body)
    {
        body = default;
        switch (MqttFrameCodec.TryRead(ref buffer, Version, Options.MaxPacketBytes, out var frame, out var error))
        {
            case MqttFrameStatus.Complete:
                (_type, _flags) = (frame.Type, frame.Flags);
                body = frame.Body.IsSingleSegment ? frame.Body.First : Join(frame.Body);
                return Taken.Command;

            case MqttFrameStatus.Broken:
                EndFor(MqttEnd.Of(error!)); // There is one where it is broken.
                return Taken.Nothing;

            default:
                return Taken.Nothing;
        }
    }

    public override void Rest()
    {
        base.Rest();
        ReturnCopy();
    }

    public override ValueTask HandleAsync(ReadOnlyMemory<byte> body)
    {
        if (_type == MqttPacketType.Connect) return Client is null ? ConnectAsync(body) : Fail(MqttEnd.NotNow);
        if (Client is not { } client) return Fail(MqttEnd.NotNow);

        switch (_type)
        {
            case MqttPacketType.Publish:
                return PublishAsync(client, body);

            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp or MqttPacketType.PubRel:
                return TakeAck(client, body);

            case MqttPacketType.Subscribe:
                return SubscribeAsync(client, body);

            case MqttPacketType.Unsubscribe:
                return UnsubscribeAsync(client, body);

            case MqttPacketType.PingReq when MqttPing.Read(body) is { } error:
                return Fail(error);

            case MqttPacketType.PingReq:
                Host.Metrics.CommandDone(CommandName.Ping, 0);
                Gathered.Write(MqttPing.Response.Span);
                return default;

            case MqttPacketType.Disconnect:
                return TakeGoodbye(client, body);

            default:
                return Fail(MqttEnd.NotNow);
        }
    }

    /// <summary>DISCONNECT, where there is one to say: behind all that waits, and before nothing.</summary>
    public override Task SayLastWordAsync() => Outbound.EndAsync(LastWord());

    /// <summary>Writes a message, unless it is too large for the client.</summary>
    /// <param name="mayBeDropped">Whether it may be given up on its way out.</param>
    public virtual bool TryWrite(
        JsonBuffer output,
        string channel,
        Message message,
        MqttDelivery delivery,
        ushort packetId,
        bool isDuplicate,
        DateTimeOffset now,
        bool mayBeDropped)
    {
        var to = new MqttRecipient(Version, MaxPacketBytes, _sentAliases);
        return MqttMessages.TryWrite(output, to, channel, message, delivery, packetId, isDuplicate, now, mayBeDropped);
    }

    /// <summary>Writes a packet of the session's that is no answer.</summary>
    public virtual void Write(JsonBuffer output, in MqttAck ack) => ack.Write(output, Version);

    /// <inheritdoc/>
    public DateTimeOffset? Look(DateTimeOffset now)
    {
        var left = _patience - Silence;
        if (left > TimeSpan.Zero) return now + left;

        EndFor(SessionEnd.Silent);
        return null;
    }

    /// <summary>Completes when it has done what its peer had sent by now; at the latest after a second.</summary>
    public async Task ReadOutAsync()
    {
        var done = _readOut.Begin();
        // Where it waits for more it looks whether there is any: on a thread that does nothing else.
        ThreadPool.UnsafeQueueUserWorkItem(static input => input.CancelPendingRead(), _transport.Input, preferLocal: false);
        await done.WaitAsync(ReadOut.Longest, Host.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Waiting() => _readOut.Waiting();

    public override async ValueTask DisposeAsync()
    {
        _readOut.End();
        Mqtt.Deadlines.Set(this, null);
        Client?.Leave(this, end: null);
        await base.DisposeAsync();
    }

    /// <summary>What is only for this user has no topic.</summary>
    protected override void Deliver(DeliveryBatch batch, int first)
    {
    }

    protected override void OnEnding() => _transport.Input.CancelPendingRead();

    /// <summary>What it subscribes to is its client's.</summary>
    protected override ValueTask LeaveAllAsync() => default;

    /// <summary>A publisher learns nothing of gaps here, and a packet that told of one is not in the standard.</summary>
    protected override ReadOnlyMemory<byte> EncodeGap(Gap gap) => default;

    protected ReadOnlyMemory<byte> LastWord()
    {
        if (Version != MqttVersion.V5 || Client is null || End is not { } end || _hasPeerClosed) return default;

        var packet = new MqttDisconnect { Reason = MqttReasons.OfEnd(end), Properties = Explained(end.Message, null) };
        if (packet.SizeOf(Version) > MaxPacketBytes) packet = new MqttDisconnect { Reason = packet.Reason };
        var buffer = new JsonBuffer();
        if (packet.SizeOf(Version) <= MaxPacketBytes) packet.Write(buffer, Version);
        return buffer.WrittenMemory;
    }

    private ValueTask Fail(MqttError error) => Fail(MqttEnd.Of(error));

    private ValueTask Fail(SessionEnd end)
    {
        EndFor(end);
        return default;
    }

    private ValueTask TakeGoodbye(MqttClient client, ReadOnlyMemory<byte> body)
    {
        if (MqttDisconnect.Read(Version, MqttSender.Client, body, out var packet) is { } error) return Fail(error);

        TimeSpan? expiry = null;
        if (packet.Properties.NumberOf(MqttPropertyId.SessionExpiryInterval) is { } seconds)
        {
            if (seconds > 0 && !client.AsksForSession) return Fail(MqttEnd.SessionNotAsked);
            expiry = Capped(seconds);
        }

        client.SayGoodbye(this, keepsWill: packet.Reason != MqttReasonCode.Success, expiry);
        _hasPeerClosed = true;
        IsBroken = true;
        return default;
    }

    private ReadOnlyMemory<byte> Join(in ReadOnlySequence<byte> body)
    {
        ReturnCopy();
        var length = (int)body.Length;
        _copy = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(_copy);
        return _copy.AsMemory(0, length);
    }

    private void ReturnCopy()
    {
        if (_copy is not null) ArrayPool<byte>.Shared.Return(_copy);
        _copy = null;
    }
}
