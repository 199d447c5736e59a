using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct BroadcastRequest(Payload Value, bool Loop) : IRequest<long>
{
    public CommandName Command => CommandName.Broadcast;

    public CallTraits Traits => CallTraits.None;

    public void Write(ReplyWriter writer)
    {
        Value.Write(writer);
        writer.Property("loop"u8);
        writer.Boolean(Loop);
    }

    public long Read(Reply reply) => reply.Number(ReplyField.Published);
}
