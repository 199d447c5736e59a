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
/// <param name="positions">How far it is in each channel; null for a stream of one channel, whose events say it alike
/// for all.</param>
/// <param name="reconnectSpread">See <see cref="SseOptions.ReconnectSpread"/>.</param>
internal sealed class SseSession(
    SessionHost host, string id, string peer, PipeWriter output, SsePositions? positions, TimeSpan reconnectSpread)
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

    protected override WireFormat Format => Events;

    private SseFormat Events => positions is null ? SseFormat.OneChannel : SseFormat.ManyChannels;

    /// <summary>The response has begun: sends its first bytes, and from now on what comes.</summary>
    public void Open(ReadOnlySpan<byte> opening)
    {
        Outbound.Reply(opening, null);
        _isOpen = true;
    }

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

    // An event has no head that is of its length: it begins where it begins.
    protected override int BeginFrame(JsonBuffer buffer) => buffer.Length;

    protected override void EndFrame(JsonBuffer buffer, int start) => SseFormat.End(buffer, start);

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery)
    {
        if (delivery is MessageDelivery message && positions is not null)
        {
            var isNews = positions.TryMove(message.Channel, message.Epoch, message.Message.Offset);
            Debug.Assert(isNews, "What was missed is after where the channel begins, and comes once.");
            writer.Raw(positions.Line);
        }

        Events.Write(writer, delivery);
    }

    protected override void WriteGap(ReplyWriter writer, Gap gap) => SseFormat.WriteGap(writer, gap);

    private ReadOnlyMemory<byte> LastWord(SessionEnd end, TimeSpan retryAfter) => Frame(writer =>
    {
        writer.Raw("retry: "u8);
        writer.Number((long)retryAfter.TotalMilliseconds);
        writer.Raw("\n"u8);
        SseFormat.Begin(writer, "end"u8);
        writer.BeginError(end.Code, end.Message, default);
        writer.Property("reason"u8);
        writer.Text(end.Reason);
        writer.Property("retryAfter"u8);
        writer.Number((long)retryAfter.TotalMilliseconds);
        writer.EndObject();
    });
}
