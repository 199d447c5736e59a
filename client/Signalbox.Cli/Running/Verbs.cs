using System.CommandLine;
using System.Globalization;
using Signalbox.Client;

namespace Signalbox.Cli.Running;

/// <summary>Makes commands of what they do, and turns what goes wrong into one sentence and an exit code.</summary>
internal sealed class Verbs(Terminal terminal, GlobalOptions globals)
{
    /// <summary>A command that works on one connection.</summary>
    public Command Of(string name, string description, Symbol[] symbols, Func<Run, SignalboxClient, Task<ExitCode>> act) =>
        Of(name, description, symbols, async run =>
        {
            var client = await run.ConnectAsync().ConfigureAwait(false);
            return await act(run, client).ConfigureAwait(false);
        });

    /// <summary>A command that sees to its connections itself.</summary>
    public Command Of(string name, string description, Symbol[] symbols, Func<Run, Task<ExitCode>> act)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }

        command.SetAction(async (parsed, interrupt) => (int)await ActAsync(parsed, act, interrupt).ConfigureAwait(false));
        return command;
    }

    private async Task<ExitCode> ActAsync(ParseResult parsed, Func<Run, Task<ExitCode>> act, CancellationToken interrupt)
    {
        try
        {
            var run = new Run(parsed, terminal, globals, interrupt);
            await using (run.ConfigureAwait(false))
            {
                try
                {
                    return await act(run).ConfigureAwait(false);
                }
                catch (OperationCanceledException e) when (run.IsLost)
                {
                    throw run.Lost(e);
                }
                catch (SignalboxConnectionLostException e)
                {
                    throw run.Lost(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (CommandFailedException e)
        {
            return await FailAsync(e.Code, e.Message).ConfigureAwait(false);
        }
        catch (SignalboxException e)
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"The server refused with {(int)e.Code} {e.Code}: {e.Message}");
            return await FailAsync(ExitCode.Refused, sentence).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            return await FailAsync(ExitCode.NothingThere, e.Message).ConfigureAwait(false);
        }
    }

    private async Task<ExitCode> FailAsync(ExitCode code, string sentence)
    {
        await terminal.Error.WriteLineAsync($"signalbox: {sentence}").ConfigureAwait(false);
        return code;
    }
}
