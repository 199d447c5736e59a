using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A newer token for the present connection. The answer is how long it is good for; null for ever.</summary>
internal readonly record struct RefreshRequest(string Token, SubscriptionTable Subscriptions) : IRequest<TimeSpan?>
{
    public CommandName Command => CommandName.Hello;

    public CallTraits Traits => CallTraits.OfConnection;

    public static TimeSpan? ExpiresIn(Reply reply) =>
        reply.NumberOrNull(ReplyField.ExpiresIn) is { } time ? TimeSpan.FromMilliseconds(time) : null;

    public void Write(ReplyWriter writer) => writer.OptionalText("token"u8, Token);

    public TimeSpan? Read(Reply reply)
    {
        if (reply.Has(ReplyField.Dropped)) Subscriptions.Dropped(Json.Texts(reply.Raw(ReplyField.Dropped).Span));
        return ExpiresIn(reply);
    }
}
