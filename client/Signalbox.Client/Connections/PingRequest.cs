using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct PingRequest : IRequest<DateTimeOffset>
{
    public CommandName Command => CommandName.Ping;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
    }

    public DateTimeOffset Read(Reply reply) => reply.Time(ReplyField.Time);
}
