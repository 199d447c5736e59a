using System.Diagnostics;
using Signalbox.Core.Channels;
using Signalbox.Core.Storage;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Channels;

/// <summary>A channel's machine in its shard, with the nodes that listen to it.</summary>
/// <remarks>Guarded by the shard's gate.</remarks>
internal sealed class ChannelHost(Shard shard, string name, ChannelOptions options, ChannelLimits limits)
    : Host<Channel>(name, new Channel(options, limits))
{
    private Dictionary<string, long>? _attachments;

    public ChannelOptions Options => options;

    /// <summary>How durable is what is written of this channel.</summary>
    public Durability Durability => ChannelWriting.DurabilityOf(options);

    private bool IsDurable => options.Durability is not Durability.None;

    public void Attach(Attachment attachment) => (_attachments ??= [])[attachment.Node] = attachment.Ticket;

    public void Detach(Attachment attachment)
    {
        // A later attachment of the same node is not undone by the end of an earlier one.
        if (_attachments?.GetValueOrDefault(attachment.Node) == attachment.Ticket) _attachments.Remove(attachment.Node);
    }

    /// <summary>Whether nothing keeps the fact from being done: there is room to write it, or nothing to write.</summary>
    public bool CanCommit(ChannelFact fact) => shard.HasRoom(Durability) || Written(fact) is null;

    public void Commit(ChannelFact fact, DateTimeOffset now)
    {
        var left = fact is NodeLost lost && options.JoinLeave ? Machine.MembersOf(lost.Node) : [];
        var leaving = fact is MemberLeft { Id: var id } && options.JoinLeave ? Machine.MemberOf(id) : null;

        Append(fact);
        Machine.Apply(fact);

        switch (fact)
        {
            case MessagePublished published:
                shard.CountPublished();
                Deliver(new MessageDelivery(Name, Machine.Epoch, published.Message));
                break;

            case MemberJoined joined when options.JoinLeave:
                Deliver(new PresenceDelivery(Name, joined.Member, Joined: true, now));
                break;

            case MemberLeft when leaving is not null:
                Deliver(new PresenceDelivery(Name, leaving, Joined: false, now));
                break;

            case NodeLost:
                foreach (var member in left) Deliver(new PresenceDelivery(Name, member, Joined: false, now));
                break;
        }
    }

    /// <summary>After every operation: be woken in time, or be forgotten where nothing is worth keeping.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (Machine.IsIdle && _attachments is null or { Count: 0 })
        {
            if (shard.HasLingered(this, now)) shard.Channels.Forget(this);
            return;
        }

        EmptySinceTicks = 0;
        shard.Schedule(this, Machine.NextWakeUp, now, Durability);
    }

    public void LookAfter(DateTimeOffset now)
    {
        while (Machine.NextDue(now) is { } due && CanCommit(due)) Commit(due, now);
        Settle(now);
    }

    /// <summary>
    /// After a start: names the numbering anew where more may have been numbered than is known. Nobody must be given
    /// an offset under a name under which somebody has seen another message with it.
    /// </summary>
    /// <param name="wasClosed">Whether the log holds all that there was.</param>
    public void Renumber(bool wasClosed)
    {
        if (ChannelWriting.KeepsEpoch(options, Machine, wasClosed)) return;

        var renamed = new ChannelRestored(EmbeddedEngine.NewEpoch(), Machine.LastOffset, Machine.Retained);
        if (IsDurable) shard.Channels.Append(this, renamed, Durability);
        Machine.Apply(renamed);
    }

    /// <summary>The facts that a checkpoint tells of the channel.</summary>
    public IEnumerable<ChannelFact> Told() => ChannelWriting.Told(options, Machine);

    /// <returns>What the log is told where this happens; null for nothing.</returns>
    private ChannelFact? Written(ChannelFact fact) => ChannelWriting.Written(fact, options, Machine, HasBegun);

    private void Append(ChannelFact fact)
    {
        if (Written(fact) is not { } written) return;

        if (IsDurable && !HasBegun)
        {
            Debug.Assert(Machine.LastOffset == 0, "What a durable channel numbers is written from the first message on.");
            shard.Channels.Append(this, new ChannelOpened(Machine.Epoch), Durability);
        }

        // A value without a numbering needs nothing of what was before it.
        shard.Channels.Append(this, written, Durability, begins: written is ChannelRestored);
    }

    private void Deliver(Delivery delivery) => shard.Deliver(delivery, Position);
}
