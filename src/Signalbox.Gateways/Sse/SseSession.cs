using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>A session that only listens: what it sends are events, and it reads nothing.</summary>
/// <param name="format">How its events are written.</param>
/// <param name="positions">How far it is in each channel; null for a stream of one channel, whose events say it alike
/// for all.</param>
/// <param name="reconnectSpread">See <see cref="SseOptions.ReconnectSpread"/>.</param>
internal sealed class SseSession(
    SessionHost host,
    string id,
    string peer,
    PipeWriter output,
    SseFormat format,
    SsePositions? positions,
    TimeSpan reconnectSpread)
    : CommandSession(host, id, peer, output, positions is null ? null : positions.Write)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOpen;
    private volatile bool _isGone;

    /// <summary>See the constructor.</summary>
    public SsePositions? Positions => positions;

    /// <summary>Completes when the stream is to end, or its peer is gone.</summary>
    public Task Over => _over.Task;

    /// <summary>Whether there is nobody left to write to.</summary>
    public bool IsGone => _isGone;

    public override string Protocol => "sse";

    public override bool RequiresSeq => false;

    /// <summary>See the constructor.</summary>
    public SseFormat Events => format;

    protected override WireFormat Format => format;

    /// <summary>The response has begun: sends its first bytes, and from now on what comes.</summary>
    public void Open(ReadOnlySpan<byte> opening)
    {
        Outbound.Reply(opening, null);
        _isOpen = true;
    }

    /// <summary>Shows that it is there, unless something else does.</summary>
    public void Beat() => Outbound.Beat(format.Comment);

    public void Vanish()
    {
        _isGone = true;
        Outbound.Kill();
        _over.TrySetResult();
    }

    public override Taken Take(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> body)
    {
        body = default;
        return Taken.Nothing;
    }

    /// <summary>Behind all that waits: what comes after it would be lost on a client that goes at the word.</summary>
    public override Task SayLastWordAsync() =>
        Outbound.EndAsync(LastWord(End!, Random.Shared.NextDouble() * reconnectSpread)); // Called when it has ended.

    protected override void OnEnding() => _over.TrySetResult();

    protected override void Deliver(DeliveryBatch batch, int first)
    {
        // A broadcast comes to whoever has a subscription, which is before there is a response that could carry it.
        if (_isOpen) base.Deliver(batch, first);
    }

    protected override int BeginFrame(JsonBuffer buffer) => format.Begin(buffer);

    protected override void EndFrame(JsonBuffer buffer, int start)
    {
        SseFormat.EndEvent(buffer, start);
        format.End(buffer, start);
    }

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery)
    {
        if (delivery is MessageDelivery message && positions is not null)
        {
            var isNews = positions.TryMove(message.Channel, message.Epoch, message.Message.Offset);
            Debug.Assert(isNews, "What was missed is after where the channel begins, and comes once.");
            writer.Raw(positions.Line);
        }

        format.Write(writer, delivery);
    }

    protected override void WriteGap(ReplyWriter writer, Gap gap) => SseFormat.WriteGap(writer, gap);

    private ReadOnlyMemory<byte> LastWord(SessionEnd end, TimeSpan retryAfter)
    {
        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var start = BeginFrame(buffer);
        writer.Raw("retry: "u8);
        writer.Number((long)retryAfter.TotalMilliseconds);
        writer.Raw("\n"u8);
        SseFormat.BeginEvent(writer, "end"u8);
        writer.BeginError(end.Code, end.Message, default);
        writer.Property("reason"u8);
        writer.Text(end.Reason);
        writer.Property("retryAfter"u8);
        writer.Number((long)retryAfter.TotalMilliseconds);
        writer.EndObject();
        EndFrame(buffer, start);
        format.EndAll(buffer);
        return buffer.WrittenMemory;
    }
}
