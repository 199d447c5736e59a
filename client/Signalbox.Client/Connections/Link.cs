using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>Keeps the client connected: one connection at a time, from the first hello to the last word, again and
/// again.</summary>
internal sealed partial class Link : IAsyncDisposable
{
    private const double SilentPings = 2.5;

    private readonly SignalboxClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly CallTable _calls;
    private readonly Receiver _receiver;
    private readonly SubscriptionTable _subscriptions;
    private readonly Action<ConnectionChange> _onChange;
    private readonly ILogger _logger;
    private readonly Endpoint[] _endpoints;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly ReadOnlyMemory<byte> _ping = PingFrame();
    private TaskCompletionSource _nextOutcome = NewOutcome();
    private Task _running = Task.CompletedTask;
    private ITimer? _timer;
    private volatile Wire? _wire;
    private volatile bool _wasStarted;
    private bool _isRunning;
    private int _nextEndpoint;

    public Link(
        SignalboxClientOptions options,
        CallTable calls,
        SubscriptionTable subscriptions,
        Action<ConnectionChange> onChange,
        ILogger logger)
    {
        _options = options;
        _clock = options.TimeProvider;
        _calls = calls;
        _subscriptions = subscriptions;
        _receiver = new Receiver(calls, subscriptions);
        _onChange = onChange;
        _logger = logger;
        _endpoints = [.. options.Endpoints.DefaultIfEmpty("127.0.0.1").Select(Parse)];
        _backoff = new Backoff(options.ReconnectDelay, options.MaxReconnectDelay, options.Random);
    }

    public ConnectionState State { get; private set; }

    public ServerInfo? Server { get; private set; }

    /// <summary>Whether there is a connection or one is being made.</summary>
    public bool IsTrying
    {
        get
        {
            lock (_gate) return _isRunning;
        }
    }

    /// <summary>Begins to connect, unless that was begun before.</summary>
    public void EnsureStarted()
    {
        if (!_wasStarted) Start();
    }

    /// <summary>Connects where there is neither a connection nor a try, and waits for how the next try ends.</summary>
    public Task ConnectAsync()
    {
        lock (_gate)
        {
            Start();
            return _nextOutcome.Task;
        }
    }

    /// <summary>Ends the present connection, so that another one is made.</summary>
    public void Break(Exception reason) => _wire?.Kill(reason);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate) running = _running;
        await running.ConfigureAwait(false);
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        _closing.Dispose();
    }

    private static TaskCompletionSource NewOutcome() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Endpoint Parse(string text) =>
        Endpoint.TryParse(text, out var endpoint)
            ? endpoint
            : throw new UnreachableException("The options were validated.");

    private void Start()
    {
        lock (_gate)
        {
            if (_isRunning || _closing.IsCancellationRequested) return;

            _isRunning = true;
            _wasStarted = true;
            _calls.LetWait(true);
            if (_nextOutcome.Task.IsCompleted) _nextOutcome = NewOutcome();
            _timer ??= _clock.CreateTimer(static state => ((Link)state!).Tick(), this, TickTime(), TickTime());
            _running = Task.Run(RunAsync);
        }
    }

    // Fine enough that a timeout is late by an eighth of itself at most.
    private TimeSpan TickTime() => TimeSpan.FromMilliseconds(
        Math.Clamp(Math.Min(_options.CommandTimeout.TotalMilliseconds, _options.ConnectTimeout.TotalMilliseconds) / 8, 10, 1000));

    private async Task RunAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var (reason, lastWord) = await ConnectOnceAsync().ConfigureAwait(false);
                if (_closing.IsCancellationRequested) break;

                // The server may say when it wants to see us again.
                var delay = lastWord?.RetryAfter ?? _backoff.Next();
                var waiting = _options.Reconnect ? Task.Delay(delay, _clock, _closing.Token) : Task.CompletedTask;
                Change(ConnectionState.Disconnected, reason, _options.Reconnect ? delay : null);
                _calls.Detach(reason);
                if (!_options.Reconnect)
                {
                    Stop(reason);
                    return;
                }

                Tell(outcome => outcome.TrySetException(reason));
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var closed = new ObjectDisposedException(nameof(SignalboxClient));
            Change(ConnectionState.Closed, null, null);
            _calls.Detach(closed);
            Stop(closed);
        }
        catch (Exception fault)
        {
            // A fault of ours: nobody is to wait for ever because of it.
            LogFault(fault);
            Change(ConnectionState.Disconnected, fault, null);
            _calls.Detach(fault);
            Stop(fault);
        }
    }

    /// <summary>Nothing more is tried by itself. Whoever learns it here may start anew.</summary>
    private void Stop(Exception reason)
    {
        _calls.LetWait(false);
        lock (_gate) _isRunning = false;
        Tell(outcome => outcome.TrySetException(reason));
    }

    /// <summary>Tries each endpoint once, and lives with the first that answers until that is over.</summary>
    private async Task<(Exception Reason, SignalboxException? LastWord)> ConnectOnceAsync()
    {
        Change(ConnectionState.Connecting, null, null);
        Exception? failure = null;
        for (var tries = 0; tries < _endpoints.Length && !_closing.IsCancellationRequested; tries++)
        {
            // Whoever is lost is asked again only after the others: it may be stopping, or too slow to say that it is not there.
            var endpoint = _endpoints[_nextEndpoint];
            _nextEndpoint = (_nextEndpoint + 1) % _endpoints.Length;
            try
            {
                // Before there is a connection: a server does not wait long for who says nothing.
                var token = await TokenAsync().ConfigureAwait(false);
                var wire = await OpenAsync(endpoint).ConfigureAwait(false);
                await using (wire.ConfigureAwait(false))
                {
                    if (await LiveAsync(wire, token, endpoint).ConfigureAwait(false) is { } reason) return (reason, _receiver.LastWord);
                }
            }
            catch (Exception e) when (IsOfTheNetwork(e))
            {
                failure = e;
                LogConnectFailed(endpoint, e.Message);
            }
        }

        return (failure ?? new OperationCanceledException(_closing.Token), _receiver.LastWord);
    }

    private async Task<Wire> OpenAsync(Endpoint endpoint)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        try
        {
            var stream = await Transport.OpenAsync(endpoint, _options, either.Token).ConfigureAwait(false);
            return new Wire(stream, _options.MaxReplyBytes, _clock);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection to {endpoint} within {_options.ConnectTimeout}.");
        }
    }

    /// <returns>Why the connection ended. A failure before it was ready is an exception.</returns>
    private async Task<Exception> LiveAsync(Wire wire, string? token, Endpoint endpoint)
    {
        _receiver.Begin(wire);
        _calls.Attach(wire.Outbox);
        await using var closing = _closing.Token
            .UnsafeRegister(static state => ((Wire)state!).Kill(new ObjectDisposedException(nameof(SignalboxClient))), wire)
            .ConfigureAwait(false);
        var running = wire.RunAsync(_receiver.OnFrameAsync, () => _calls.Drain());
        try
        {
            Server = await HelloAsync(running, token, endpoint).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            wire.Kill(e);
            var reason = await running.ConfigureAwait(false);
            _subscriptions.Disconnected();
            _calls.Detach(reason);
            throw;
        }

        _backoff.Reset();
        PlanRefresh(Server.ExpiresIn);
        _wire = wire;
        _calls.Drain(open: true);
        Change(ConnectionState.Connected, null, null);
        Tell(outcome => outcome.TrySetResult());

        var end = await running.ConfigureAwait(false);
        _wire = null;
        _subscriptions.Disconnected();
        return _receiver.LastWord ?? end;
    }

    private async Task<ServerInfo> HelloAsync(Task<Exception> running, string? token, Endpoint endpoint)
    {
        var hello = new Call<HelloRequest, ServerInfo>(new HelloRequest(_options, token, endpoint, _subscriptions))
        {
            Deadline = _calls.DeadlineIn(_options.ConnectTimeout),
        };
        _calls.SubmitNow(hello);
        if (await Task.WhenAny(hello.Reply, running).ConfigureAwait(false) == running)
        {
            throw _receiver.LastWord ?? await running.ConfigureAwait(false);
        }

        return await hello.Reply.ConfigureAwait(false);
    }

    private void Tick()
    {
        _calls.Sweep();
        if (_wire is not { } wire || Server is not { } server) return;

        RefreshWhenDue(wire);
        if (wire.IsQuietFor(server.PingInterval)) wire.Outbox.Append(_ping.Span);
        if (wire.Silence > server.PingInterval * SilentPings)
        {
            wire.Kill(new TimeoutException("Nothing was heard of the server for too long."));
        }
    }

    // What a connection can fail with. A fault of ours is none of these, and comes out in the task.
    private static bool IsOfTheNetwork(Exception e) =>
        e is IOException or System.Net.Sockets.SocketException or TimeoutException or SignalboxException
            or System.Security.Authentication.AuthenticationException or InvalidDataException or System.Text.Json.JsonException
            or OperationCanceledException or ObjectDisposedException;

    // Its reply is of a seq that no call has, so nobody but the silence counter notices it.
    private static byte[] PingFrame()
    {
        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var start = writer.BeginFrame();
        writer.Raw("{\"command\":\"ping\",\"seq\":0}"u8);
        writer.EndFrame(start);
        return buffer.WrittenSpan.ToArray();
    }
}
