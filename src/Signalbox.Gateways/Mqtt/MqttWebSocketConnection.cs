using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

/// <summary>MQTT in the binary messages of a WebSocket: packets and messages begin and end where they like.</summary>
internal sealed class MqttWebSocketConnection(MqttHost mqtt, string id, string peer, IDuplexPipe transport, Func<int> received)
    : MqttConnection(mqtt, id, peer, transport, received)
{
    [ThreadStatic]
    private static JsonBuffer? _framed;

    // What was unframed and is no whole packet yet: there only meanwhile.
    private byte[]? _bytes;
    private int _start;
    private int _end;
    private bool _isWithin;
    private bool _isUnreadable;
    private WebSocketClose? _close;

    public override bool IsFramed => true;

    public override bool PeerIsDone => _close is not null;

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body)
    {
        while (true)
        {
            var unframed = new ReadOnlySequence<byte>(_bytes.AsMemory(_start, _end - _start));
            var before = unframed.Length;
            var taken = base.Take(ref unframed, out body);
            _start += (int)(before - unframed.Length);
            if (taken is not Taken.Nothing || IsOver) return taken;
            if (!TryUnframe(ref buffer, out var control)) return control;
        }
    }

    public override void Rest()
    {
        base.Rest();
        if (_start == _end) Return();
    }

    /// <summary>DISCONNECT, where there is one to say, and the close frame behind it.</summary>
    public override Task SayLastWordAsync()
    {
        var buffer = new JsonBuffer();
        var word = LastWord();
        if (!word.IsEmpty) Frame(buffer, word.Span);
        WebSocketFrameCodec.WriteControl(buffer, WebSocketOpcode.Close, (_close ?? new WebSocketClose(WebSocketClose.Normal, "")).ToPayload());
        return Outbound.EndAsync(buffer.WrittenMemory);
    }

    public override void Discard(ref ReadOnlySequence<byte> buffer)
    {
        while (!_isUnreadable && TryUnframe(ref buffer, out _))
        {
            // What it still wants is not done any more.
            _start = _end;
        }

        if (_isUnreadable) buffer = buffer.Slice(buffer.End);
    }

    public override bool TryWrite(
        JsonBuffer output,
        string channel,
        Message message,
        MqttDelivery delivery,
        ushort packetId,
        bool isDuplicate,
        DateTimeOffset now,
        bool mayBeDropped)
    {
        var start = WebSocketFrameCodec.Begin(output);
        if (base.TryWrite(output, channel, message, delivery, packetId, isDuplicate, now, mayBeDropped))
        {
            WebSocketFrameCodec.End(output, start, WebSocketOpcode.Binary, isCompressed: false);
            return true;
        }

        output.Cut(start);
        return false;
    }

    public override void Write(JsonBuffer output, in MqttAck ack)
    {
        var start = WebSocketFrameCodec.Begin(output);
        base.Write(output, ack);
        WebSocketFrameCodec.End(output, start, WebSocketOpcode.Binary, isCompressed: false);
    }

    public override ValueTask DisposeAsync()
    {
        Return();
        return base.DisposeAsync();
    }

    /// <summary>The answers that gathered go out as one message.</summary>
    protected override void Reply(ReadOnlySpan<byte> replies, IHandOver? handOver)
    {
        var buffer = _framed ??= new JsonBuffer();
        Frame(buffer, replies);
        base.Reply(buffer.WrittenSpan, handOver);
        buffer.Clear();
    }

    private static void Frame(JsonBuffer buffer, ReadOnlySpan<byte> packets)
    {
        var start = WebSocketFrameCodec.Begin(buffer);
        buffer.Write(packets);
        WebSocketFrameCodec.End(buffer, start, WebSocketOpcode.Binary, isCompressed: false);
    }

    /// <returns>Whether there was a frame, and there may be a packet now.</returns>
    private bool TryUnframe(ref ReadOnlySequence<byte> buffer, out Taken taken)
    {
        taken = Taken.Nothing;
        switch (WebSocketFrameCodec.TryRead(ref buffer, Mqtt.Options.MaxPacketBytes, mayCompress: false, out var frame))
        {
            case WebSocketFrameStatus.Complete when frame.IsControl:
                TakeControl(frame);
                return !_isUnreadable;

            case WebSocketFrameStatus.Complete when IsOfData(frame):
                _isWithin = !frame.IsFinal;
                Append(frame);
                return true;

            case WebSocketFrameStatus.NeedMoreData:
                return false;

            default:
                Refuse(WebSocketClose.Violation);
                return false;
        }
    }

    // Text is no MQTT; and what continues continues something.
    private bool IsOfData(in WebSocketFrame frame) =>
        frame.Opcode == (_isWithin ? WebSocketOpcode.Continuation : WebSocketOpcode.Binary);

    private void TakeControl(in WebSocketFrame frame)
    {
        if (frame.Opcode == WebSocketOpcode.Pong) return;

        Span<byte> payload = stackalloc byte[WebSocketFrameCodec.MaxControlBytes];
        payload = payload[..(int)frame.Payload.Length];
        WebSocketFrameCodec.Unmask(frame, payload);
        if (frame.Opcode == WebSocketOpcode.Close)
        {
            Refuse(WebSocketClose.AnswerTo(payload));
            return;
        }

        FlushReplies();
        var pong = new JsonBuffer();
        WebSocketFrameCodec.WriteControl(pong, WebSocketOpcode.Pong, payload);
        base.Reply(pong.WrittenSpan, null);
    }

    private void Append(in WebSocketFrame frame)
    {
        var length = (int)frame.Payload.Length;
        var kept = _end - _start;
        if (_bytes is null || _bytes.Length < _end + length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(kept + length, kept * 2));
            _bytes.AsSpan(_start, kept).CopyTo(larger);
            Return();
            (_bytes, _end) = (larger, kept);
        }

        WebSocketFrameCodec.Unmask(frame, _bytes.AsSpan(_end));
        _end += length;
    }

    private void Return()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (null, 0, 0);
    }

    // Nothing that may come behind this is looked at.
    private void Refuse(WebSocketClose close)
    {
        _isUnreadable = true;
        _close = close;
        IsBroken = true;
    }
}
