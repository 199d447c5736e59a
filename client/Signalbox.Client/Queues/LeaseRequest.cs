using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>What the holder of an item says: done, take it back, or give me longer.</summary>
internal readonly record struct LeaseRequest(
    CommandName Command, string Queue, string Receipt, TimeSpan? Delay, TimeSpan? Lease) : IRequest<bool>
{
    // An extension is as good twice as once; the others are refused the second time.
    public CallTraits Traits => Command == CommandName.QExtend ? CallTraits.Repeatable : CallTraits.ByReceipt;

    public static LeaseRequest Acknowledge(string queue, string receipt) => new(CommandName.QAck, queue, receipt, null, null);

    public static LeaseRequest Reject(string queue, string receipt, TimeSpan delay) =>
        new(CommandName.QNack, queue, receipt, delay, null);

    public static LeaseRequest Extend(string queue, string receipt, TimeSpan lease) =>
        new(CommandName.QExtend, queue, receipt, null, lease);

    public void Write(ReplyWriter writer)
    {
        writer.Key(Queue);
        writer.OptionalText("receipt"u8, Receipt);
        writer.OptionalTime("delay"u8, Delay);
        writer.OptionalTime("reserve"u8, Lease);
    }

    public bool Read(Reply reply) => true;
}
