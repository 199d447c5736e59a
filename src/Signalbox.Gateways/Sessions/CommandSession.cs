using System.IO.Pipelines;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Outbound;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sessions;

/// <summary>A connection that speaks commands and replies in JSON, whatever carries them.</summary>
/// <param name="stamp">See <see cref="OutboundQueue.Stamp"/>.</param>
internal abstract partial class CommandSession(
    SessionHost host, string id, string peer, PipeWriter output, Func<PipeWriter, OutboundEntry, int>? stamp = null)
    : Session(host, id, peer, output, stamp)
{
    /// <summary>Its subscriptions by name. The reader's own.</summary>
    public SessionSubscriptions Subscriptions { get; } = new();

    /// <summary>Whether a command without <c>seq</c> is an error here.</summary>
    public abstract bool RequiresSeq { get; }

    public override bool IsWaiting => Subscriptions.Count > 0 || Background.Count > 0;

    protected abstract WireFormat Format { get; }

    protected abstract int BeginFrame(JsonBuffer buffer);

    protected abstract void EndFrame(JsonBuffer buffer, int start);

    protected abstract void WriteDelivery(ReplyWriter writer, Delivery delivery);

    /// <summary>Does one command.</summary>
    /// <param name="body">One JSON object; good until the task completes.</param>
    public override ValueTask HandleAsync(ReadOnlyMemory<byte> body) => CommandTable.HandleAsync(this, Scratch.Command, body);

    /// <summary>Adds something to the replies that only this connection gets.</summary>
    public void Send(Delivery delivery)
    {
        var scratch = Scratch;
        var start = BeginFrame(scratch.Replies);
        WriteDelivery(new ReplyWriter(scratch.Replies), delivery);
        EndFrame(scratch.Replies, start);
    }

    protected override void Deliver(DeliveryBatch batch, int first) =>
        Outbound.Deliver(batch, batch.As(Format), first);

    internal override void Write<T>(SessionScratch scratch, scoped ReplyHead head, T answer, ReplyBody<T> body)
    {
        // Without a seq nobody waits for the reply; but an error is worth knowing for whoever looks.
        if (head.Seq.IsEmpty && answer is not Failure && !IsRequest)
        {
            Host.Metrics.CommandDone(head.Name, 0);
            return;
        }

        var start = BeginFrame(scratch.Replies);
        var bodyStart = scratch.Replies.Length;
        body(new ReplyWriter(scratch.Replies), head, answer);
        Host.Metrics.CommandDone(head.Name, Outcomes.CodeOf(scratch.Replies.WrittenSpan[bodyStart..]));
        EndFrame(scratch.Replies, start);
    }

    /// <summary>A frame of its own.</summary>
    protected ReadOnlyMemory<byte> Frame(Action<ReplyWriter> write)
    {
        var buffer = new JsonBuffer();
        var start = BeginFrame(buffer);
        write(new ReplyWriter(buffer));
        EndFrame(buffer, start);
        return buffer.WrittenMemory;
    }

    protected virtual void WriteGap(ReplyWriter writer, Gap gap) => JsonDeliveries.WriteGap(writer, gap);

    /// <summary>What the peer is told of the end.</summary>
    internal static void WriteEnd(ReplyWriter writer, SessionEnd end)
    {
        writer.BeginError(end.Code, end.Message, default);
        writer.Property("reason"u8);
        writer.Text(end.Reason);
        if (ErrorTable.Of(end.Code).Retry)
        {
            writer.Property("retryAfter"u8);
            writer.Number((long)SessionHost.Jitter().TotalMilliseconds);
        }

        if (end.Code == ErrorCode.RateLimited)
        {
            // A connection is ended for such a limit only where nothing is left of it.
            writer.Property("remaining"u8);
            writer.Number(0);
        }

        writer.EndObject();
    }

    protected override ReadOnlyMemory<byte> EncodeGap(Gap gap) => Frame(writer => WriteGap(writer, gap));

    protected override ValueTask LeaveAllAsync() => Subscriptions.LeaveAllAsync(this);
}
