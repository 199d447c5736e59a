using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class DelCommand
{
    public static Command Create(Verbs verbs)
    {
        var key = Named.Argument("KEY", "The key.");

        return verbs.Of("del", "Delete a key.", [key], async (run, client) =>
        {
            var wasThere = await client.DeleteAsync(run.Value(key), cancellationToken: run.Ending).ConfigureAwait(false);
            if (!wasThere) throw new CommandFailedException(ExitCode.NothingThere, $"There is no key '{run.Value(key)}'.");

            run.Printer.Print(json => json.WriteBoolean("deleted", true), () => "deleted");
            return ExitCode.Done;
        });
    }
}
