using Signalbox.Core.Mqtt;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Who left a will: it is published in the name of a connection that is gone, and as if that published it now.</summary>
/// <remarks>That the token has expired meanwhile does not count: what is to be said then is that its owner is gone.</remarks>
internal sealed class MqttAuthor(MqttConnection connection)
{
    private readonly SessionHost _host = connection.Host;
    private readonly Asker _asker = Asker.Of(connection);
    private readonly string _rateUser = connection.RateUser;

    /// <summary>Publishes the will, unless it may not be published any more: nobody is there to be told.</summary>
    public async Task PublishAsync(SessionWill will, PublishRequest request)
    {
        if (!Permits.MayPublish(_host.Rules, _asker.Identity, will.Channel) || await IsRevokedAsync()) return;

        var rule = _host.Rules.RuleFor(will.Channel);
        if (rule.Options.RateLimit > 0 && await SpendAsync(rule) != Refusal.None) return;

        if (_host.Backend.AsksToPublish(will.Channel))
        {
            (var failure, request) = await _host.Backend.PublishAsync(_asker, will.Channel, request, CancellationToken.None);
            if (failure is not null) return;

            // As with every publish: the backend knows of no QoS.
            request = request with { Headers = request.Headers.With(will.Headers.Quality) };
        }

        await _host.Engine.Channel(will.Channel).PublishAsync(request, CancellationToken.None);
    }

    private async ValueTask<bool> IsRevokedAsync() =>
        _asker.Identity is { User: { } user, Token: { } token }
        && await _host.Engine.User(user).CheckAsync(token, CancellationToken.None) != Refusal.None;

    private async ValueTask<Refusal> SpendAsync(ChannelRule rule) =>
        (await _host.Engine.User(_rateUser).SpendAsync(Publishing.LimitOf(rule), 1, CancellationToken.None)).Refusal;
}
