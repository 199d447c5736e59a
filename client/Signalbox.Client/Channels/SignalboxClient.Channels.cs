using System.Text.Json.Serialization.Metadata;
using Signalbox.Protocol.Commands;

namespace Signalbox.Client;

// Channels: messages to all who listen, with a history to come back to.
public sealed partial class SignalboxClient
{
    private static readonly Func<Reply, IReadOnlyList<ChannelInfo>> ReadChannels = static reply =>
        [.. Json.TextsByName(reply.Raw(ReplyField.Value).Span).Select(entry => new ChannelInfo(entry.Key, entry.Value))];

    /// <summary>Messages of the default channels, and of the channel that addresses this process
    /// (<see cref="ServerInfo.Gpid"/>). Ask for it before connecting: what comes sooner is dropped, since nobody may
    /// ever read it.</summary>
    public Subscription Inbox => _subscriptions.Inbox.Open();

    /// <summary>What is broadcast to everybody who has any subscription. Ask for it before connecting, see
    /// <see cref="Inbox"/>. Broadcasts have no history: a reconnect is told as a <see cref="Gap"/>.</summary>
    public Subscription Broadcasts => _subscriptions.Broadcasts.Open();

    public Task<PublishResult> PublishAsync(
        string channel, Payload value, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        var request = new PublishRequest(channel, value, options ?? PublishOptions.Default);
        return SendAsync<PublishRequest, PublishResult>(request, cancellationToken);
    }

    /// <summary>Publishes UTF-8 JSON.</summary>
    public Task<PublishResult> PublishAsync(
        string channel,
        ReadOnlyMemory<byte> utf8Json,
        PublishOptions? options = null,
        CancellationToken cancellationToken = default) =>
        PublishAsync(channel, Payload.FromJson(utf8Json), options, cancellationToken);

    public Task<PublishResult> PublishAsync<T>(
        string channel,
        T value,
        JsonTypeInfo<T> typeInfo,
        PublishOptions? options = null,
        CancellationToken cancellationToken = default) =>
        PublishAsync(channel, Payload.From(value, typeInfo), options, cancellationToken);

    /// <summary>Sends to every connection that has a subscription, once.</summary>
    /// <param name="loop">Whether this client gets it too.</param>
    /// <returns>How many it was handed to.</returns>
    public Task<long> BroadcastAsync(Payload value, bool loop = false, CancellationToken cancellationToken = default) =>
        SendAsync<BroadcastRequest, long>(new BroadcastRequest(value, loop), cancellationToken);

    /// <summary>Subscribes to a channel, or with <c>+</c> and <c>#</c> to all that match.</summary>
    /// <remarks>A channel's retained value comes first, to the first subscription of this client to that channel.
    /// Filters have no place to come back to: for them every reconnect is a <see cref="Gap"/>.</remarks>
    /// <returns>When the server has confirmed it.</returns>
    public async Task<Subscription> SubscribeAsync(
        string channel, SubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (options?.Since is not null && ChannelFilter.IsFilter(channel))
        {
            throw new ArgumentException("A filter has no position to begin at.", nameof(options));
        }

        var capacity = options?.Capacity ?? _options.SubscriptionCapacity;
        var subscription = new Subscription(_subscriptions, channel, capacity, isOpen: true);
        if (options?.OnGap is { } onGap) subscription.GapFound += onGap;

        var listener = new Listener(subscription, channel, options?.Since);
        _link.EnsureStarted();
        _subscriptions.Add(listener);
        try
        {
            await listener.Entered.Task
                .WaitAsync(_options.CommandTimeout, _options.TimeProvider, cancellationToken)
                .ConfigureAwait(false);
            return subscription;
        }
        catch (Exception e)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            if (e is not TimeoutException || State == ConnectionState.Connected) throw;
            throw new SignalboxConnectionLostException(Outcome.NotSent, "There was no connection in time to subscribe on.", e);
        }
    }

    /// <summary>Subscribes with a handler, which gets one message after the other.</summary>
    /// <remarks>What the handler throws is logged, and the next message follows. Its token is cancelled when the
    /// subscription is disposed of.</remarks>
    public async Task<Subscription> SubscribeAsync(
        string channel,
        Func<Message, CancellationToken, ValueTask> handler,
        SubscribeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = await SubscribeAsync(channel, options, cancellationToken).ConfigureAwait(false);
        subscription.Handle(handler, _logger);
        return subscription;
    }

    /// <summary>Channels that somebody is subscribed to.</summary>
    public IAsyncEnumerable<ChannelInfo> ChannelsAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(CommandName.Channels, prefix, ReadChannels, cancellationToken);

    public Task<HistoryPage> HistoryAsync(
        string channel, HistoryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        var request = new HistoryRequest(channel, options ?? HistoryOptions.Default);
        return SendAsync<HistoryRequest, HistoryPage>(request, cancellationToken);
    }

    /// <summary>Who is subscribed to the channel.</summary>
    public Task<IReadOnlyList<Member>> PresenceAsync(string channel, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        return SendAsync<PresenceRequest, IReadOnlyList<Member>>(new PresenceRequest(channel), cancellationToken);
    }

    /// <summary>What is left of the rate limit for publishing to the channel.</summary>
    public Task<Quota> QuotaAsync(string channel, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        return SendAsync<QuotaRequest, Quota>(new QuotaRequest(channel), cancellationToken);
    }
}
