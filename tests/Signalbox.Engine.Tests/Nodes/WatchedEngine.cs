using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>An engine whose attachments are written down, and wait or fail where the test wants it.</summary>
internal sealed class WatchedEngine(IEngine engine) : PassingEngine(engine)
{
    private readonly Lock _gate = new();
    private readonly List<string> _said = [];

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_gate) return [.. _said];
        }
    }

    /// <summary>What an attachment waits for.</summary>
    public Func<Task> Attaching { get; set; } = () => Task.CompletedTask;

    public override IChannel Channel(string name) => new WatchedChannel(this, base.Channel(name), name);

    public override async ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        Say($"+ {filter} {attachment.Ticket}");
        await Attaching();
        await base.AttachFilterAsync(filter, attachment, cancellationToken);
    }

    public override ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        Say($"- {filter} {attachment.Ticket}");
        return base.DetachFilterAsync(filter, attachment, cancellationToken);
    }

    private void Say(string what)
    {
        lock (_gate) _said.Add(what);
    }

    private sealed class WatchedChannel(WatchedEngine watched, IChannel channel, string name) : IChannel
    {
        public async ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
        {
            watched.Say($"+ {name} {attachment.Ticket}");
            await watched.Attaching();
            await channel.AttachAsync(attachment, cancellationToken);
        }

        public ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
        {
            watched.Say($"- {name} {attachment.Ticket}");
            return channel.DetachAsync(attachment, cancellationToken);
        }

        public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
            channel.PublishAsync(request, cancellationToken);

        public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => channel.ForgetAsync(id, cancellationToken);

        public ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken) =>
            channel.EnterAsync(request, cancellationToken);

        public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) =>
            channel.LeaveAsync(memberId, cancellationToken);

        public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken) =>
            channel.HistoryAsync(request, cancellationToken);

        public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
            channel.PresenceAsync(cancellationToken);
    }
}
