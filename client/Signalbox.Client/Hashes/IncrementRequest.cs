using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct IncrementRequest(string Key, long By, IncrementOptions Options) : IRequest<long>
{
    public CommandName Command => CommandName.Incr;

    public CallTraits Traits => Options.Id is null ? CallTraits.None : CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Key);
        writer.OptionalNumber("by"u8, By);
        writer.OptionalTime("ttl"u8, Options.Ttl);
        writer.OptionalText("id"u8, Options.Id);
    }

    public long Read(Reply reply) => reply.Number(ReplyField.Value);
}
