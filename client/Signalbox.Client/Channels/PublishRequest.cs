using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct PublishRequest(string Channel, Payload Value, PublishOptions Options)
    : IRequest<PublishResult>
{
    public CommandName Command => CommandName.Publish;

    public CallTraits Traits => Options.Id is null ? CallTraits.None : CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Channel);
        Value.Write(writer);
        writer.Headers(Options.Headers);
        writer.OptionalText("id"u8, Options.Id);
        if (!Options.Retain) return;

        writer.Property("retain"u8);
        writer.Boolean(true);
    }

    public PublishResult Read(Reply reply) =>
        new(reply.Number(ReplyField.Published), reply.NumberOrNull(ReplyField.Offset));
}
