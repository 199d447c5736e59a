using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;
using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess;

// Channels: messages to all who listen, with a history to come back to.
public sealed partial class InProcessSignalbox
{
    public async Task<PublishResult> PublishAsync(
        string channel, Payload value, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= PublishOptions.Default;
        Checks.ChannelToPublish(channel);
        Checks.Value(value);
        Checks.Id(options.Id);

        var request = new PublishRequest(value, Checks.Headers(options.Headers), Name, _id, options.Retain, options.Id);
        var answer = await _engine.Channel(channel).PublishAsync(request, cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return new PublishResult(answer.Handed, answer.KeepsHistory ? answer.Offset : null);
    }

    public async Task<long> BroadcastAsync(Payload value, bool loop = false, CancellationToken cancellationToken = default)
    {
        Checks.Value(value);
        var broadcast = new BroadcastDelivery(value, Core.Payloads.Headers.None, Name, loop ? null : _id);
        return await _engine.BroadcastAsync(broadcast, cancellationToken).Apart();
    }

    public async Task<Subscription> SubscribeAsync(
        string channel, SubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SubscribeOptions.Default;
        Checks.ChannelOrFilter(channel);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, nameof(options));
        if (options.Since is not null && Core.Names.ChannelFilter.IsFilter(channel))
        {
            throw new SignalboxException(ErrorCode.Malformed, "A filter has no position to begin at.");
        }

        var subscription = new Subscription(this, channel, options);
        await subscription.EnterAsync(cancellationToken);
        return subscription;
    }

    public Subscription Broadcasts(SubscribeOptions? options = null)
    {
        options ??= SubscribeOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, nameof(options));
        var subscription = new Subscription(this, "", options);
        subscription.Listen(_id);
        return subscription;
    }

    public async Task<HistoryPage> HistoryAsync(
        string channel, HistoryOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= HistoryOptions.Default;
        Checks.Name(channel, mayBeSystem: true);
        if (options.Limit < 1) throw new SignalboxException(ErrorCode.Malformed, "A limit is 1 or more.");

        var since = options.Since ?? new ChannelPosition("", 0);
        var request = new HistoryRequest(since.Offset, options.Limit, options.Reverse);
        var read = await _engine.Channel(channel).HistoryAsync(request, cancellationToken).Apart();
        if (since.Epoch.Length > 0 && since.Epoch != read.Position.Epoch)
        {
            throw new SignalboxException(ErrorCode.HistoryGone, "The channel's numbering began anew since then.");
        }

        var messages = read.Messages.Select(one => Message.Of(channel, read.Position.Epoch, one, isRetained: false));
        return new HistoryPage([.. messages], read.Position, read.First, read.IsComplete);
    }

    public async Task<IReadOnlyList<Member>> PresenceAsync(string channel, CancellationToken cancellationToken = default)
    {
        Checks.Name(channel, mayBeSystem: true);
        var answer = await _engine.Channel(channel).PresenceAsync(cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Members;
    }

    public IAsyncEnumerable<ChannelEntry> ChannelsAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(prefix, request => _engine.ListChannelsAsync(request, cancellationToken), cancellationToken);
}
