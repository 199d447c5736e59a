using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct SendRequest(string User, Payload Value, SendOptions Options) : IRequest<long>
{
    public CommandName Command => CommandName.Send;

    public CallTraits Traits => CallTraits.None;

    public void Write(ReplyWriter writer)
    {
        writer.Key(User);
        Value.Write(writer);
        writer.Headers(Options.Headers);
    }

    public long Read(Reply reply) => reply.Number(ReplyField.Published);
}
