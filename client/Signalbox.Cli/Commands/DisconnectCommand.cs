using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class DisconnectCommand
{
    public static Command Create(Verbs verbs)
    {
        var user = Named.Argument("USER", "The user.");

        return verbs.Of("disconnect", "Close the connections of a user, who may come back.", [user], async (run, client) =>
        {
            var closed = await client.DisconnectAsync(run.Value(user), run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteNumber("closed", closed), () => $"{Line.Of(closed)} closed");
            return ExitCode.Done;
        });
    }
}
