using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class KeysCommand
{
    public static Command Create(Verbs verbs)
    {
        var prefix = Named.Prefix("Only keys that begin so.");

        return verbs.Of("keys", "List keys.", [prefix], async (run, client) =>
        {
            await foreach (var key in client.KeysAsync(run.Value(prefix), run.Ending).ConfigureAwait(false))
            {
                run.Printer.Print(json => json.WriteString("key", key), () => Line.Of(key));
            }

            return ExitCode.Done;
        });
    }
}
