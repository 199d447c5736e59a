using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.WebSockets;

/// <summary>A session whose commands and replies are messages of a WebSocket.</summary>
/// <remarks>It is answered in kind: who sends binary messages gets binary ones, from the next on.</remarks>
internal sealed class WebSocketSession(
    SessionHost host,
    string id,
    string peer,
    IDuplexPipe transport,
    WebSocketFormats formats,
    int maxMessageBytes,
    DeflateAgreement? deflate)
    : CommandSession(host, id, peer, transport.Output)
{
    private static readonly SessionEnd NoText = new("malformed", ErrorCode.Malformed, "A text message is UTF-8.");
    private static readonly byte[] PingFrame = ControlFrame(WebSocketOpcode.Ping, []);

    private readonly MessageAssembler _assembler = new(maxMessageBytes);
    private WebSocketFormat _format = formats.Of(isBinary: false, deflate);
    private WebSocketClose? _close;
    private bool _hasPeerClosed;
    private bool _isUnreadable;
    private bool _hasSpoken;
    private long _lastSpoke = host.Clock.GetTimestamp();

    public override string Protocol => "ws";

    public override bool RequiresSeq => false;

    public override bool PeerIsDone => _hasPeerClosed;

    /// <remarks>An answer to a ping says that somebody is there, and not that they want anything.</remarks>
    public override TimeSpan Idleness => Host.Clock.GetElapsedTime(Volatile.Read(ref _lastSpoke));

    public override bool IsPinged => true;

    protected override WireFormat Format => _format;

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body)
    {
        body = default;
        switch (WebSocketFrameCodec.TryRead(ref buffer, _assembler.Room, mayCompress: deflate is not null, out var frame))
        {
            case WebSocketFrameStatus.Complete:
                return frame.IsControl ? TakeControl(frame) : TakeData(frame, out body);

            case WebSocketFrameStatus.Begun:
                return frame.IsControl || _assembler.Look(frame) is not AssemblyStatus.BadText ? Taken.Nothing : EndAs(NoText);

            case WebSocketFrameStatus.ProtocolError:
                return Refuse(WebSocketClose.Violation);

            case WebSocketFrameStatus.TooLarge:
                return EndAs(SessionEnd.FrameTooLarge(maxMessageBytes));

            default:
                return Taken.Nothing;
        }
    }

    /// <summary>Looks for the peer's close frame only: with that both have said their last word.</summary>
    public override void Discard(ref ReadOnlySequence<byte> buffer)
    {
        while (!_isUnreadable && Take(ref buffer, out _) is not Taken.Nothing)
        {
            // What it still wants is not done any more.
        }

        if (_isUnreadable) buffer = buffer.Slice(buffer.End);
    }

    public override void Ping() => Outbound.Urgent(PingFrame);

    public override void Rest()
    {
        // Before the replies leave: who has them may count on having been heard.
        if (_hasSpoken) Volatile.Write(ref _lastSpoke, Host.Clock.GetTimestamp());
        _hasSpoken = false;
        base.Rest();
        _assembler.Rest();
    }

    /// <summary>The close frame is the last of all: nothing may come behind it.</summary>
    public override Task SayLastWordAsync()
    {
        var buffer = new JsonBuffer();
        if (End is { } end && _close is null)
        {
            var start = BeginFrame(buffer);
            WriteEnd(new ReplyWriter(buffer), end);
            EndFrame(buffer, start);
        }

        var close = _close ?? CloseOf(End);
        WebSocketFrameCodec.WriteControl(buffer, WebSocketOpcode.Close, close.ToPayload());
        return Outbound.EndAsync(buffer.WrittenMemory);
    }

    public override ValueTask DisposeAsync()
    {
        _assembler.Clear();
        return base.DisposeAsync();
    }

    // Whoever waits in the read comes back, and finds that the session has ended.
    protected override void OnEnding() => transport.Input.CancelPendingRead();

    protected override int BeginFrame(JsonBuffer buffer) => WebSocketFormat.Begin(buffer);

    protected override void EndFrame(JsonBuffer buffer, int start) => _format.End(buffer, start);

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery) => WebSocketFormat.Write(writer, delivery);

    // Without an end of ours, it was a body after which nothing can be read.
    private static WebSocketClose CloseOf(SessionEnd? end)
    {
        var error = ErrorTable.Of(end?.Code ?? ErrorCode.Malformed);
        return new WebSocketClose(end?.WebSocketClose ?? error.WebSocketClose, end?.Reason ?? error.Name);
    }

    private static byte[] ControlFrame(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var buffer = new JsonBuffer();
        WebSocketFrameCodec.WriteControl(buffer, opcode, payload);
        return buffer.WrittenSpan.ToArray();
    }

    private Taken TakeData(in WebSocketFrame frame, out ReadOnlyMemory<byte> body)
    {
        switch (_assembler.Add(frame, out body))
        {
            case AssemblyStatus.Complete:
                _hasSpoken = true;
                _format = formats.Of(_assembler.IsBinary, deflate);
                return Taken.Command;

            case AssemblyStatus.ProtocolError:
                return Refuse(WebSocketClose.Violation);

            case AssemblyStatus.BadCompression:
                return Refuse(WebSocketClose.BadCompression);

            case AssemblyStatus.BadText:
                return EndAs(NoText);

            case AssemblyStatus.TooLarge:
                return EndAs(SessionEnd.FrameTooLarge(maxMessageBytes));

            default:
                return Taken.Control;
        }
    }

    private Taken TakeControl(in WebSocketFrame frame)
    {
        if (frame.Opcode == WebSocketOpcode.Pong) return Taken.Control;

        Span<byte> payload = stackalloc byte[WebSocketFrameCodec.MaxControlBytes];
        payload = payload[..(int)frame.Payload.Length];
        WebSocketFrameCodec.Unmask(frame, payload);
        if (frame.Opcode == WebSocketOpcode.Close)
        {
            _hasPeerClosed = true;
            return Refuse(WebSocketClose.AnswerTo(payload));
        }

        // Among the replies: who asks for more than it reads waits for these as for those.
        WebSocketFrameCodec.WriteControl(Gathered, WebSocketOpcode.Pong, payload);
        return Taken.Control;
    }

    private Taken EndAs(SessionEnd end)
    {
        _isUnreadable = true;
        EndFor(end);
        return Taken.Nothing;
    }

    // Nothing that may come behind this is looked at.
    private Taken Refuse(WebSocketClose close)
    {
        _isUnreadable = true;
        _close = close;
        IsBroken = true;
        return Taken.Nothing;
    }
}
