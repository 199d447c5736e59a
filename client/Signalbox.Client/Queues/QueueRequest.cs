using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A question about one queue.</summary>
internal readonly record struct QueueRequest<T>(CommandName Command, string Queue, int? Limit, Func<Reply, T> ReadAnswer)
    : IRequest<T>
{
    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Queue);
        writer.OptionalNumber("limit"u8, Limit);
    }

    public T Read(Reply reply) => ReadAnswer(reply);
}
