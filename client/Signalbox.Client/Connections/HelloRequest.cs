using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <param name="Subscriptions">They go on from within the reply: messages may be right behind it.</param>
internal readonly record struct HelloRequest(
    SignalboxClientOptions Options, string? Token, Endpoint Endpoint, SubscriptionTable Subscriptions) : IRequest<ServerInfo>
{
    public CommandName Command => CommandName.Hello;

    public CallTraits Traits => CallTraits.OfConnection;

    public void Write(ReplyWriter writer)
    {
        writer.OptionalText("token"u8, Token);
        writer.OptionalText("name"u8, Options.Name);

        if (Options.ServerId is not { } server || Options.WorkerId is not { } worker) return;

        writer.Property("server_id"u8);
        writer.Number(server);
        writer.Property("worker_id"u8);
        writer.Number(worker);
    }

    public ServerInfo Read(Reply reply)
    {
        var info = new ServerInfo(
            Endpoint.ToString(),
            reply.Text(ReplyField.Connection),
            reply.Text(ReplyField.Node),
            reply.NumberOrNull(ReplyField.Gpid),
            reply.Text(ReplyField.Version),
            TimeSpan.FromMilliseconds(reply.Number(ReplyField.Ping)))
        {
            User = reply.TextOrNull(ReplyField.User),
            ExpiresIn = RefreshRequest.ExpiresIn(reply),
        };
        Subscriptions.Connected(info.Gpid);
        return info;
    }
}
