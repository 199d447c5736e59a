using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Log;
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

    public void Attach(Attachment attachment) => (_attachments ??= [])[attachment.Node] = attachment.Ticket;

    public void Detach(Attachment attachment)
    {
        // A later attachment of the same node is not undone by the end of an earlier one.
        if (_attachments?.GetValueOrDefault(attachment.Node) == attachment.Ticket) _attachments.Remove(attachment.Node);
    }

    public void Commit(ChannelFact fact, DateTimeOffset now)
    {
        var left = fact is NodeLost lost && options.JoinLeave ? Machine.MembersOf(lost.Node) : [];
        var leaving = fact is MemberLeft { Id: var id } && options.JoinLeave ? Machine.MemberOf(id) : null;

        shard.Append(MachineKind.Channel, Name, fact);
        Machine.Apply(fact);

        switch (fact)
        {
            case MessagePublished published:
                shard.Deliver(new MessageDelivery(Name, Machine.Epoch, published.Message));
                break;

            case MemberJoined joined when options.JoinLeave:
                shard.Deliver(new PresenceDelivery(Name, joined.Member, Joined: true, now));
                break;

            case MemberLeft when leaving is not null:
                shard.Deliver(new PresenceDelivery(Name, leaving, Joined: false, now));
                break;

            case NodeLost:
                foreach (var member in left) shard.Deliver(new PresenceDelivery(Name, member, Joined: false, now));
                break;
        }
    }

    /// <summary>After every operation: be woken in time, or be forgotten where nothing is worth keeping.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (Machine.IsIdle && _attachments is null or { Count: 0 })
        {
            if (shard.HasLingered(this, now) && Shard.Forget(shard.Channels, this)) shard.Engine.ChannelForgotten();
            return;
        }

        EmptySince = null;
        shard.Schedule(this, Machine.NextWakeUp);
    }

    public void LookAfter(DateTimeOffset now)
    {
        while (Machine.NextDue(now) is { } due) Commit(due, now);
        Settle(now);
    }
}
