using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct DeleteRequest(string Key, long? IfVersion) : IRequest<bool>
{
    public CommandName Command => CommandName.Delete;

    public CallTraits Traits => IfVersion is null ? CallTraits.None : CallTraits.ConflictIsAnswer;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Key);
        writer.OptionalNumber("if"u8, IfVersion);
    }

    public bool Read(Reply reply) => reply.Flag(ReplyField.Deleted);
}
