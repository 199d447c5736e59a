using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Framing;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tcp;

/// <summary>A session whose commands and replies are frames of the dispatcher's port.</summary>
internal sealed class DispatcherSession(SessionHost host, string id, string peer, IDuplexPipe transport, int maxFrameBytes)
    : CommandSession(host, id, peer, transport.Output)
{
    // The last body, where it had to be put together.
    private byte[]? _copy;

    public override string Protocol => "tcp";

    public override bool RequiresSeq => true;

    protected override WireFormat Format => DispatcherFormat.Instance;

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body)
    {
        body = default;
        switch (FrameCodec.TryRead(ref buffer, maxFrameBytes, out var frame))
        {
            case FrameStatus.Complete:
                body = frame.IsSingleSegment ? frame.First : Join(frame);
                return Taken.Command;

            case FrameStatus.TooLarge:
                EndFor(SessionEnd.FrameTooLarge(maxFrameBytes));
                return Taken.Nothing;

            case FrameStatus.TooShort:
                EndFor(SessionEnd.FrameTooShort);
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

    /// <summary>The last word goes before all that waits: whoever is behind learns first why it ends.</summary>
    public override Task SayLastWordAsync()
    {
        if (End is { } end) Outbound.Urgent(Frame(writer => WriteEnd(writer, end)));
        return Outbound.EndAsync(default);
    }

    // Whoever waits in the read comes back, and finds that the session has ended.
    protected override void OnEnding() => transport.Input.CancelPendingRead();

    protected override int BeginFrame(JsonBuffer buffer) => new ReplyWriter(buffer).BeginFrame();

    protected override void EndFrame(JsonBuffer buffer, int start) => new ReplyWriter(buffer).EndFrame(start);

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery) => DispatcherFormat.Write(writer, delivery);

    private ReadOnlyMemory<byte> Join(in ReadOnlySequence<byte> frame)
    {
        ReturnCopy();
        var length = (int)frame.Length;
        _copy = ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(_copy);
        return _copy.AsMemory(0, length);
    }

    private void ReturnCopy()
    {
        if (_copy is not null) ArrayPool<byte>.Shared.Return(_copy);
        _copy = null;
    }
}
