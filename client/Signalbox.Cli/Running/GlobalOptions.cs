using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Client;

namespace Signalbox.Cli.Running;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private const string StandardServer = "127.0.0.1:2491";
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(10);

    private readonly string? _token;

    public GlobalOptions(Func<string, string?> environment)
    {
        var defaultServer = environment("SIGNALBOX_SERVER");
        // Not a default of the option: the help would show it.
        _token = environment("SIGNALBOX_TOKEN");
        Server = new Option<string>("--server", "-s")
        {
            Description = "The server, or several with commas between them; SIGNALBOX_SERVER in the environment says it too.",
            HelpName = "host:port",
            Recursive = true,
            DefaultValueFactory = _ => string.IsNullOrEmpty(defaultServer) ? StandardServer : defaultServer,
        };
        Tls = new Option<bool>("--tls") { Description = "Encrypt the connection.", Recursive = true };
        Token = new Option<string?>("--token")
        {
            Description = "A token or API key; better in SIGNALBOX_TOKEN, which others on this machine do not see.",
            HelpName = "token",
            Recursive = true,
        };
        Timeout = Durations.Option(
            "--timeout", "How long to wait for the connection and for each answer; of 'pop --block': for an item. [10s]");
        Timeout.Recursive = true;
        Json = new Option<bool>("--json") { Description = "Print one JSON object a line.", Recursive = true };
    }

    public Option<string> Server { get; }

    public Option<bool> Tls { get; }

    public Option<string?> Token { get; }

    public Option<TimeSpan?> Timeout { get; }

    public Option<bool> Json { get; }

    public IEnumerable<Option> All => [Server, Tls, Token, Timeout, Json];

    /// <exception cref="CommandFailedException">An option cannot work.</exception>
    public SignalboxClientOptions ClientOptions(ParseResult parsed)
    {
        var timeout = parsed.GetValue(Timeout) ?? StandardTimeout;
        var options = new SignalboxClientOptions
        {
            // A script is told that the connection broke, and decides itself.
            Reconnect = false,
            Name = "signalbox",
            Token = parsed.GetValue(Token) ?? (string.IsNullOrEmpty(_token) ? null : _token),
            UseTls = parsed.GetValue(Tls),
            ConnectTimeout = timeout,
            CommandTimeout = timeout,
        };
        foreach (var server in (parsed.GetValue(Server) ?? StandardServer).Split(',')) options.Endpoints.Add(server.Trim());

        var validation = new SignalboxClientOptionsValidator().Validate(null, options);
        if (validation.Failed) throw new CommandFailedException(ExitCode.WrongUsage, validation.Failures.First());
        return options;
    }
}
