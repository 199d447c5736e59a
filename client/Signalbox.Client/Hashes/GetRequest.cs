using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct GetRequest(string Key) : IRequest<HashEntry?>
{
    public CommandName Command => CommandName.Get;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer) => writer.Key(Key);

    public HashEntry? Read(Reply reply)
    {
        if (!reply.Has(ReplyField.Value)) return null;

        DateTimeOffset? expiresAt = reply.NumberOrNull(ReplyField.Expire) is { } seconds and > 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
        return new HashEntry(reply.Value(), reply.Number(ReplyField.Version), expiresAt);
    }
}
