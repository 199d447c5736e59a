using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct UnsubscribeRequest(string Channel) : IRequest<bool>
{
    public CommandName Command => CommandName.Unsubscribe;

    public CallTraits Traits => CallTraits.OfConnection;

    public void Write(ReplyWriter writer) => writer.Key(Channel);

    public bool Read(Reply reply) => true;
}
