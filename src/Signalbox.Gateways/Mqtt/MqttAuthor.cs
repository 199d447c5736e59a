using Signalbox.Core.Mqtt;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Publishes a will in the name of who left it, and as if they published it now.</summary>
/// <remarks>What their token grants was asked when they left it, and stays as it was. That it has expired meanwhile does not
/// count: what is to be said then is that its owner is gone.</remarks>
internal sealed class MqttAuthor(SessionHost host, WillAuthor author, string name)
{
    /// <summary>Publishes the will, unless it may not be published any more: nobody is there to be told.</summary>
    public async Task PublishAsync(SessionWill will, PublishRequest request)
    {
        if (host.Rules.AgainstPublishing(author.Who, will.Channel) is not null || await IsRevokedAsync()) return;

        var rule = host.Rules.RuleFor(will.Channel);
        if (rule.Options.RateLimit > 0 && await SpendAsync(rule) != Refusal.None) return;

        if (host.Backend.AsksToPublish(will.Channel))
        {
            var asker = new Asker(author.Connection, author.Peer, MqttConnection.ProtocolName, name, author.User);
            (var failure, request) = await host.Backend.PublishAsync(asker, will.Channel, request, CancellationToken.None);
            if (failure is not null) return;

            // As with every publish: the backend knows of no QoS.
            request = request with { Headers = request.Headers.With(will.Headers.Quality) };
        }

        await host.Engine.Channel(will.Channel).PublishAsync(request, CancellationToken.None);
    }

    private async ValueTask<bool> IsRevokedAsync() =>
        author is { User: { } user, Token: { } token }
        && await host.Engine.User(user).CheckAsync(token, CancellationToken.None) != Refusal.None;

    private async ValueTask<Refusal> SpendAsync(ChannelRule rule) =>
        (await host.Engine.User(author.RateUser).SpendAsync(Publishing.LimitOf(rule), 1, CancellationToken.None)).Refusal;
}
