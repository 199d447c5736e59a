using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A command about one name or all, that is answered with a number.</summary>
internal readonly record struct NumberRequest(CommandName Command, CallTraits Traits, string? Key) : IRequest<long>
{
    public void Write(ReplyWriter writer) => writer.OptionalText("key"u8, Key);

    public long Read(Reply reply) => reply.Number(ReplyField.Value);
}
