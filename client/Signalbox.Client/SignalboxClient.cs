using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signalbox.Protocol.Commands;

namespace Signalbox.Client;

/// <summary>
/// A connection to Signalbox, kept up: channels, hash keys and work queues. One for a process is the usual number; any
/// number of threads may use it at once, and their commands share the connection without waiting for each other.
/// </summary>
/// <remarks>
/// <para><b>Connecting.</b> The first command connects; <see cref="ConnectAsync"/> does so earlier, and tells what is
/// wrong. A command that is issued while there is no connection waits for one, up to
/// <see cref="SignalboxClientOptions.CommandTimeout"/>.</para>
/// <para><b>When the connection breaks</b>, commands that had not been sent are sent on the next one. So are those
/// that do no harm when done twice: those that only read, and publish, set, increment and push <i>with an id</i>, since
/// the server knows a repeat by it. Any other command that was under way fails with a
/// <see cref="SignalboxConnectionLostException"/> whose outcome is unknown: it may have been done. Subscriptions go on
/// by themselves.</para>
/// <para><b>Errors</b> that the server answers with are <see cref="SignalboxException"/>. A reply that does not come in
/// time on a live connection is a <see cref="SignalboxTimeoutException"/>. A cancelled command may be done all the
/// same.</para>
/// </remarks>
public sealed partial class SignalboxClient : IAsyncDisposable
{
    private readonly SignalboxClientOptions _options;
    private readonly ILogger _logger;
    private readonly CallTable _calls;
    private readonly SubscriptionTable _subscriptions;
    private readonly Link _link;
    private bool _isDisposed;

    /// <exception cref="OptionsValidationException">An option cannot work.</exception>
    public SignalboxClient(SignalboxClientOptions options, ILogger<SignalboxClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new SignalboxClientOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(
                nameof(SignalboxClientOptions), typeof(SignalboxClientOptions), validation.Failures);
        }

        _options = options;
        _logger = logger ?? NullLogger<SignalboxClient>.Instance;
        _calls = new CallTable(options.TimeProvider, options.MaxFrameBytes);
        _subscriptions = new SubscriptionTable(options, _calls);
        _link = new Link(options, _calls, _subscriptions, Raise, _logger);
        _subscriptions.BreakConnection = _link.Break;
    }

    /// <summary>Raised at every change of the connection, one after the other. What it calls should be quick: the
    /// client waits for it.</summary>
    public event Action<ConnectionChange>? ConnectionChanged;

    public ConnectionState State => _link.State;

    /// <summary>The server that the client is connected to; null while it is not.</summary>
    public ServerInfo? Server => _link.Server;

    /// <summary>
    /// Waits until there is a connection. It throws when no endpoint could be reached; the client goes on trying all
    /// the same, unless <see cref="SignalboxClientOptions.Reconnect"/> is off.
    /// </summary>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _link.ConnectAsync().WaitAsync(cancellationToken);
    }

    /// <returns>The server's time.</returns>
    public Task<DateTimeOffset> PingAsync(CancellationToken cancellationToken = default) =>
        SendAsync<PingRequest, DateTimeOffset>(default, cancellationToken);

    /// <summary>Closes the connection. Commands under way fail, subscriptions end when what they hold is
    /// read.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;

        _isDisposed = true;
        _calls.End(new ObjectDisposedException(nameof(SignalboxClient)));
        await _link.DisposeAsync().ConfigureAwait(false);
        _subscriptions.End();
    }

    /// <summary>Begins to connect, and does not wait for it.</summary>
    internal void Start() => _link.EnsureStarted();

    internal Task<TReply> SendAsync<TRequest, TReply>(
        TRequest request, CancellationToken cancellationToken, TimeSpan extraTime = default, Action<TReply>? late = null)
        where TRequest : struct, IRequest<TReply>
    {
        var call = new Call<TRequest, TReply>(request, late)
        {
            Deadline = _calls.DeadlineIn(_options.CommandTimeout + extraTime),
        };
        call.CancelBy(cancellationToken);
        _link.EnsureStarted();
        _calls.Submit(call);
        return call.Reply;
    }

    private async IAsyncEnumerable<T> ListAsync<T>(
        CommandName command,
        string prefix,
        Func<Reply, IReadOnlyList<T>> readEntries,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var request = new ListRequest<T>(command, prefix, cursor, readEntries);
            var page = await SendAsync<ListRequest<T>, Page<T>>(request, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.Entries) yield return entry;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private void Raise(ConnectionChange change)
    {
        try
        {
            ConnectionChanged?.Invoke(change);
        }
        catch (Exception e)
        {
            // The connection must not depend on who looks on.
            LogObserverFailed(change.State, e);
        }
    }

    [LoggerMessage(7020, LogLevel.Error, "A handler of ConnectionChanged failed at {State}")]
    private partial void LogObserverFailed(ConnectionState state, Exception failure);
}
