using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct PresenceRequest(string Channel) : IRequest<IReadOnlyList<Member>>
{
    public CommandName Command => CommandName.Presence;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer) => writer.Key(Channel);

    public IReadOnlyList<Member> Read(Reply reply) => reply.List(ReplyField.Value, Member.Read);
}
