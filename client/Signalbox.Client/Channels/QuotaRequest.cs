using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct QuotaRequest(string Channel) : IRequest<Quota>
{
    public CommandName Command => CommandName.Quota;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer) => writer.Key(Channel);

    public Quota Read(Reply reply) => new(
        reply.NumberOrNull(ReplyField.Limit),
        TimeSpan.FromMilliseconds(reply.NumberOrNull(ReplyField.Window) ?? 0),
        reply.NumberOrNull(ReplyField.Remaining),
        TimeSpan.FromMilliseconds(reply.NumberOrNull(ReplyField.RetryAfter) ?? 0));
}
