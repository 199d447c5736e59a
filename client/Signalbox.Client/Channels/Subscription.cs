using Microsoft.Extensions.Logging;

namespace Signalbox.Client;

/// <summary>
/// The messages of a channel, each once and in order, across reconnects. Read it with <c>await foreach</c>, or give a
/// handler to
/// <see cref="SignalboxClient.SubscribeAsync(string, Func{Message, CancellationToken, ValueTask}, SubscribeOptions?, CancellationToken)"/>.
/// </summary>
/// <remarks>
/// <para>It holds a number of messages for a consumer that is busy. When that is full, the client stops reading its
/// connection, which in the end slows down who is to blame, the server's queue for this client; other subscriptions of
/// the same client wait too, so give a slow consumer a client of its own.</para>
/// <para>While a reply is awaited on the same client (a blocked pop counts), it cannot stop reading. Then the
/// subscription leaves messages out, and when its consumer has taken what there is, it fetches them from the channel's
/// history; what is no longer there is told as a <see cref="Gap"/>. Nothing is ever left out silently.</para>
/// </remarks>
public sealed partial class Subscription : IAsyncEnumerable<Message>, IAsyncDisposable
{
    private readonly SubscriptionTable _table;
    private readonly MessageBuffer _buffer;
    // Not disposed of: a handler may still hold its token, and there is no timer in it.
    private readonly CancellationTokenSource _disposed = new();
    private volatile bool _isOpen;

    internal Subscription(SubscriptionTable table, string channel, int capacity, bool isOpen)
    {
        _table = table;
        _buffer = new MessageBuffer(capacity);
        _isOpen = isOpen;
        Channel = channel;
    }

    /// <summary>Messages were missed. Raised in its place between the messages, by whoever reads them.</summary>
    public event Action<Gap>? GapFound;

    /// <summary>Somebody came or left, where the channel's options say that it is told. Raised as
    /// <see cref="GapFound"/> is. Those changes are not kept: after a gap or a reconnect ask for the
    /// presence.</summary>
    public event Action<PresenceChange>? PresenceChanged;

    /// <summary>The channel or filter; empty for <see cref="SignalboxClient.Inbox"/>,
    /// <see cref="SignalboxClient.Broadcasts"/> and <see cref="SignalboxClient.Direct"/>.</summary>
    public string Channel { get; }

    /// <summary>Done when the handler has been given its last message. Without a handler it is done from the
    /// start.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The table's, under its gate.</summary>
    internal List<Listener> Listeners { get; } = [];

    /// <summary>Yields until the subscription or the client is disposed of, or the server refuses it.</summary>
    public async IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await NextAsync(cancellationToken).ConfigureAwait(false) is { } item)
        {
            if (item is Message message) yield return message;
            else Raise(item);
        }
    }

    /// <summary>Leaves the channel. A handler that runs may end; its token is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        _buffer.Complete(null, clear: true);
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _table.RemoveAsync(this).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>From here on what comes is kept: somebody is going to read it.</summary>
    internal Subscription Open()
    {
        _isOpen = true;
        return this;
    }

    /// <summary>Calls the handler for each message, one after the other.</summary>
    internal void Handle(Func<Message, CancellationToken, ValueTask> handler, ILogger logger) =>
        Completion = Task.Run(() => HandleAllAsync(handler, logger));

    /// <summary>The next message, gap or presence change; null at the end.</summary>
    internal async ValueTask<object?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_buffer.TryTake(out var item)) return item;

            _table.CatchUp(this);
            if (!await _buffer.WaitForItemAsync(cancellationToken).ConfigureAwait(false)) return null;
        }
    }

    /// <returns>False where the buffer is full. What nobody is going to read is taken, and dropped.</returns>
    internal bool TryOffer(object item) => !_isOpen || _buffer.TryAdd(item);

    internal Task WhenRoom() => _buffer.WhenRoom();

    internal void Add(Gap gap)
    {
        if (_isOpen) _buffer.Add(gap);
    }

    internal void Fail(Exception reason) => _buffer.Complete(reason, clear: false);

    internal void End() => _buffer.Complete(null, clear: false);

    private void Raise(object item)
    {
        if (item is Gap gap) GapFound?.Invoke(gap);
        else if (item is PresenceChange change) PresenceChanged?.Invoke(change);
    }

    private async Task HandleAllAsync(Func<Message, CancellationToken, ValueTask> handler, ILogger logger)
    {
        var stopping = _disposed.Token;
        await foreach (var message in this.WithCancellation(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                await handler(message, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // One message that the handler cannot take must not cost it all that come after.
                LogHandlerFailed(logger, Channel, message.Offset, e);
            }
        }
    }

    [LoggerMessage(7010, LogLevel.Error, "The handler of channel {Channel} failed at offset {Offset} and goes on")]
    private static partial void LogHandlerFailed(ILogger logger, string channel, long offset, Exception failure);
}
