using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct PushRequest(string Queue, Payload Value, PushOptions Options) : IRequest<long>
{
    public CommandName Command => CommandName.QPush;

    public CallTraits Traits => Options.Id is null ? CallTraits.None : CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Queue);
        Value.Write(writer);
        if (Options.Priority != 0) writer.OptionalNumber("priority"u8, Options.Priority);
        writer.OptionalTime("delay"u8, Options.Delay);
        writer.OptionalTime("ttl"u8, Options.Ttl);
        writer.OptionalText("id"u8, Options.Id);
        writer.Headers(Options.Headers);
    }

    public long Read(Reply reply) => reply.Number(ReplyField.Item);
}
