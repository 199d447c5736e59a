using System.CommandLine;
using System.CommandLine.Invocation;
using Signalbox.Cli.Bench;
using Signalbox.Cli.Commands;
using Signalbox.Cli.Running;

namespace Signalbox.Cli;

/// <summary>The whole command line: parses it, does what it says, and answers with an exit code.</summary>
internal sealed class CommandLine(Terminal terminal)
{
    private const string Description = """
        Talks to a Signalbox server: channels, hash keys and queues.

        Exit codes:
          0    done
          1    the server refused; the error code is printed
          2    wrong usage
          3    cannot connect, or the connection was lost
          4    nothing there: no such key, an empty queue, no answer in time
          130  interrupted; sub, watch and bench end with 0
        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        // Without the replacer "@name" is a value like any other, and not a file of arguments.
        var parsed = Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (ProblemOf(parsed, args) is { } problem)
        {
            await terminal.Error.WriteLineAsync($"signalbox: {problem} See 'signalbox --help'.").ConfigureAwait(false);
            return (int)ExitCode.WrongUsage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        var code = await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        await terminal.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return code;
    }

    private static string? ProblemOf(ParseResult parsed, IReadOnlyList<string> args)
    {
        if (parsed.Action is ParseErrorAction) return parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "That is not how it is used.";

        // The parser takes an option that it does not know for an argument, and a typing error would be published.
        var mistyped = parsed.CommandResult.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal));
        return mistyped is null || args.Contains("--")
            ? null
            : $"There is no option '{mistyped.Value}' here; put -- before an argument that begins so.";
    }

    private RootCommand Build()
    {
        var globals = new GlobalOptions(terminal.Environment);
        var verbs = new Verbs(terminal, globals);
        var root = new RootCommand(Description)
        {
            SubCommand.Create(verbs),
            PubCommand.Create(verbs),
            BroadcastCommand.Create(verbs),
            SendCommand.Create(verbs),
            UserCommand.Create(verbs),
            DisconnectCommand.Create(verbs),
            RevokeCommand.Create(verbs),
            ClusterCommand.Create(verbs),
            ChannelsCommand.Create(verbs),
            HistoryCommand.Create(verbs),
            PresenceCommand.Create(verbs),
            QuotaCommand.Create(verbs),
            GetCommand.Create(verbs),
            SetCommand.Create(verbs),
            DelCommand.Create(verbs),
            IncrCommand.Create(verbs),
            KeysCommand.Create(verbs),
            WatchCommand.Create(verbs),
            PushCommand.Create(verbs),
            PopCommand.Create(verbs),
            AckCommand.Create(verbs),
            NackCommand.Create(verbs),
            PeekCommand.Create(verbs),
            QueuesCommand.Create(verbs),
            PingCommand.Create(verbs),
            TokenCommand.Create(verbs),
            BenchCommand.Create(verbs),
        };
        foreach (var option in globals.All) root.Add(option);
        return root;
    }
}
