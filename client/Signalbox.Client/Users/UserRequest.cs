using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct UserRequest(string User) : IRequest<IReadOnlyList<UserConnection>>
{
    public CommandName Command => CommandName.User;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer) => writer.Key(User);

    public IReadOnlyList<UserConnection> Read(Reply reply) => reply.List(ReplyField.Value, UserConnection.Read);
}
