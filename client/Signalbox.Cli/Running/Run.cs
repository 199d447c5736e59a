using System.CommandLine;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Client;

namespace Signalbox.Cli.Running;

/// <summary>One command while it runs: what was asked for, where to print, and its connections, closed at the end.</summary>
internal sealed class Run : IAsyncDisposable
{
    private readonly GlobalOptions _globals;
    private readonly List<SignalboxClient> _clients = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _broken = new();
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _interrupt;
    private Exception? _lost;
    private bool _isClosing;

    public Run(ParseResult parsed, Terminal terminal, GlobalOptions globals, CancellationToken interrupt)
    {
        _globals = globals;
        _interrupt = interrupt;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(interrupt, _broken.Token);
        Parsed = parsed;
        Terminal = terminal;
        Options = globals.ClientOptions(parsed);
        Printer = new Printer(terminal.Out, parsed.GetValue(globals.Json), terminal.Clock);
    }

    public ParseResult Parsed { get; }

    public Terminal Terminal { get; }

    public Printer Printer { get; }

    public SignalboxClientOptions Options { get; }

    public TimeProvider Clock => Terminal.Clock;

    /// <summary>Cancelled when the user interrupts the command, and when a connection is lost.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Cancelled when a connection is lost, and only then: for what an interrupt is not to cut short.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>What the user said with --timeout; null for nothing.</summary>
    public TimeSpan? Timeout => Parsed.GetValue(_globals.Timeout);

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);

    /// <summary>The value that an argument stands for, see <see cref="Values"/>.</summary>
    public Task<Payload> PayloadAsync(Argument<string> value, Option<bool> asText) =>
        Values.ReadAsync(Value(value), Value(asText), Terminal.In, Ending);

    /// <summary>A connection that is there.</summary>
    /// <exception cref="CommandFailedException">There is none to be had.</exception>
    public async Task<SignalboxClient> ConnectAsync()
    {
        var client = new SignalboxClient(Options);
        lock (_gate) _clients.Add(client);
        client.ConnectionChanged += OnChanged;
        try
        {
            await client.ConnectAsync(_interrupt).ConfigureAwait(false);
            return client;
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or AuthenticationException
                                      or JsonException or InvalidDataException)
        {
            throw CannotConnect(e);
        }
    }

    public CommandFailedException CannotConnect(Exception reason) => new(
        ExitCode.NoConnection, $"Cannot connect to {string.Join(", ", Options.Endpoints)}: {(reason.InnerException ?? reason).Message}", reason);

    /// <summary>How a command ends that goes on until it is interrupted.</summary>
    /// <exception cref="CommandFailedException">The connection was lost.</exception>
    public ExitCode EndedBy(OperationCanceledException cancelled)
    {
        if (_lost is null) return ExitCode.Done;
        throw Lost(cancelled);
    }

    public CommandFailedException Lost(Exception failure)
    {
        var reason = _lost ?? failure.InnerException ?? failure;
        return new CommandFailedException(ExitCode.NoConnection, $"The connection was lost: {reason.Message}", failure);
    }

    /// <summary>Whether it is a lost connection that ended the command, and not the user.</summary>
    public bool IsLost => _lost is not null;

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        foreach (var client in _clients) await client.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
        _broken.Dispose();
    }

    private void OnChanged(ConnectionChange change)
    {
        if (change.State != ConnectionState.Disconnected || _isClosing) return;

        _lost ??= change.Reason;
        _broken.Cancel();
    }
}
