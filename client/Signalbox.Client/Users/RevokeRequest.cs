using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <remarks>A repeat revokes the tokens that were issued meanwhile, too, so it is not sent by itself.</remarks>
internal readonly record struct RevokeRequest(string User, string? TokenId) : IRequest<long>
{
    public CommandName Command => CommandName.Revoke;

    public CallTraits Traits => CallTraits.None;

    public void Write(ReplyWriter writer)
    {
        writer.Key(User);
        writer.OptionalText("id"u8, TokenId);
    }

    public long Read(Reply reply) => reply.Number(ReplyField.Value);
}
