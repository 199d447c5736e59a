using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>Always with a lease: whatever happens on the way, the item comes back.</summary>
/// <param name="WaitUntil">A timestamp of the client's clock: a repeat on another connection waits for what is
/// left.</param>
internal readonly record struct PopRequest(
    SignalboxClient Client, string Queue, long WaitUntil, TimeSpan Lease, bool IsLeased) : IRequest<QueueItem?>
{
    public CommandName Command => CommandName.QPop;

    public CallTraits Traits => CallTraits.Repeatable | CallTraits.LateReplyCounts;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Queue);
        writer.OptionalTime("reserve"u8, Lease);
        var wait = Client.TimeUntil(WaitUntil);
        if (wait <= TimeSpan.Zero) return;

        writer.Property("block"u8);
        writer.Boolean(true);
        writer.OptionalTime("timeout"u8, wait);
    }

    public QueueItem? Read(Reply reply) =>
        reply.Has(ReplyField.Value) ? new QueueItem(Client, Queue, reply) { IsLeased = IsLeased } : null;
}
