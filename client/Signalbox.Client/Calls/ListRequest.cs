using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>One page of keys, channels or queues, by the prefix of their names.</summary>
internal readonly record struct ListRequest<T>(
    CommandName Command, string Prefix, string? Cursor, Func<Reply, IReadOnlyList<T>> ReadEntries) : IRequest<Page<T>>
{
    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Property("prefix"u8);
        writer.Text(Prefix);
        writer.OptionalText("cursor"u8, Cursor);
    }

    public Page<T> Read(Reply reply) => new(ReadEntries(reply), reply.TextOrNull(ReplyField.Cursor));
}
