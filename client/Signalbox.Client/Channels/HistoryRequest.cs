using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct HistoryRequest(string Channel, HistoryOptions Options) : IRequest<HistoryPage>
{
    public CommandName Command => CommandName.History;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Channel);
        if (Options.Since is { } since)
        {
            writer.Property("since"u8);
            writer.Number(since.Offset);
            if (since.Epoch.Length > 0) writer.OptionalText("epoch"u8, since.Epoch);
        }

        writer.OptionalNumber("limit"u8, Options.Limit);
        if (!Options.Reverse) return;

        writer.Property("reverse"u8);
        writer.Boolean(true);
    }

    public HistoryPage Read(Reply reply)
    {
        var channel = Channel;
        var epoch = reply.Text(ReplyField.Epoch);
        var messages = reply.List(ReplyField.Value, entry => Message.Read(entry, channel, epoch));
        return new HistoryPage(
            messages,
            new ChannelPosition(epoch, reply.Number(ReplyField.Offset)),
            reply.Number(ReplyField.First),
            reply.Flag(ReplyField.Complete));
    }
}
