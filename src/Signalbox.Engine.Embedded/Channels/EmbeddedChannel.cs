using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Channels;

/// <summary>What can be said to one channel of this process.</summary>
internal sealed class EmbeddedChannel(Shard shard, string name) : IChannel
{
    public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        PublishAnswer answer;
        long position;
        // Nobody waits for the gate meanwhile: where many subscriptions overlap this takes longer than all the rest.
        var audience = shard.Engine.Node?.CountAudience(name) ?? 0;
        using (shard.Gate.Enter())
        {
            var known = shard.Channels.Find(name);
            if (known is null && !CanBegin(request)) return new(Refused(Refusal.StorageUnavailable));
            if ((known ?? Open()) is not { } host) return new(Refused(Refusal.TooManyChannels));

            var now = shard.Now();
            var refusal = host.Machine.Publish(
                request.Payload,
                request.Headers,
                request.Source,
                request.Sender,
                request.Retain,
                request.Id,
                now,
                out var fact,
                out var offset);
            var handed = 0;
            if (fact is not null && !host.CanCommit(fact))
            {
                refusal = Refusal.StorageUnavailable;
                offset = 0;
            }
            else if (fact is not null)
            {
                handed = audience;
                host.Commit(fact, now);
            }

            host.Settle(now);
            answer = new PublishAnswer(refusal, offset, handed, host.Options.HistorySize > 0);
            position = host.PositionFor(refusal);
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask ForgetAsync(string id, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            if (shard.Channels.Find(name) is not { } host) return ValueTask.CompletedTask;

            var now = shard.Now();
            if (host.Machine.Forget(id) is { } forgotten) host.Commit(forgotten, now);
            host.Settle(now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            // A node may listen to a channel although there are too many: it is told when it enters.
            Open()?.Attach(attachment);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            if (shard.Channels.Find(name) is not { } host) return ValueTask.CompletedTask;

            host.Detach(attachment);
            host.Settle(shard.Now());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken)
    {
        EnterAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            if (Open() is not { } host) return new(NotEntered(Refusal.TooManyChannels));

            var now = shard.Now();
            if (request.Member is not null && host.Options.Presence)
            {
                var refusal = host.Machine.Join(request.Member, out var joined);
                if (refusal != Refusal.None) return new(NotEntered(refusal));
                if (joined is not null) host.Commit(joined, now);
            }

            var read = request.From is { } from
                ? host.Machine.Recover(InEpoch(from, host), shard.Engine.Limits.MaxRecovered)
                : null;
            answer = new EnterAnswer(
                Refusal.None,
                host.Machine.Position,
                read?.First ?? host.Machine.LastOffset + 1,
                read?.Recovered ?? false,
                read?.Messages ?? [],
                // Who recovered has seen it; whoever did not has to begin from something.
                read is { Recovered: true } ? null : host.Machine.Retained);
            host.Settle(now);
            position = host.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            if (shard.Channels.Find(name) is not { } host) return ValueTask.CompletedTask;

            var now = shard.Now();
            if (host.Machine.Leave(memberId) is { } left) host.Commit(left, now);
            host.Settle(now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        HistoryRead read;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Channels.Find(name) is not { } host) return shard.WhenDurable(EmptyHistory, shard.Channels.Absence);

            // The timer may be late, and nobody is to be shown what is too old.
            host.LookAfter(shard.Now());
            read = host.Machine.Read(request.Since, request.Limit, request.Reverse);
            position = host.Position;
        }

        return shard.WhenDurable(read, position);
    }

    public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            if (!shard.Engine.Rules.For(name).Presence) return new(new PresenceAnswer(Refusal.PresenceOff, []));

            // Who is present is never written, so there is nothing to wait for.
            return new(new PresenceAnswer(Refusal.None, [.. shard.Channels.Find(name)?.Machine.Members ?? []]));
        }
    }

    private static readonly HistoryRead EmptyHistory = new(new ChannelPosition("", 0), 1, [], IsComplete: true);

    // Who names no epoch takes it on itself that the numbering is still the same.
    private static ChannelPosition InEpoch(ChannelPosition seen, ChannelHost host) =>
        seen.Epoch.Length == 0 ? seen with { Epoch = host.Machine.Epoch } : seen;

    private static PublishAnswer Refused(Refusal refusal) => new(refusal, 0, 0, false);

    private static EnterAnswer NotEntered(Refusal refusal) => new(refusal, default, 0, false, [], null);

    /// <summary>Whether a channel may be opened for this message: not where it has to be written and cannot be.</summary>
    private bool CanBegin(PublishRequest request)
    {
        var options = shard.Engine.Rules.For(name);
        return shard.HasRoom(ChannelWriting.DurabilityOf(options)) || !ChannelWriting.Writes(options, request);
    }

    /// <returns>The channel, opened where it was not; null where there are too many.</returns>
    private ChannelHost? Open()
    {
        if (shard.Channels.Find(name) is { } known) return known;

        var host = new ChannelHost(shard, name, shard.Engine.Rules.For(name), shard.Engine.Limits.Channel);
        if (!shard.Channels.TryAdd(host)) return null;

        if (host.Machine.Open(EmbeddedEngine.NewEpoch()) is { } opened) host.Commit(opened, shard.Now());
        return host;
    }
}
