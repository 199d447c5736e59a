using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class RevokeCommand
{
    public static Command Create(Verbs verbs)
    {
        var user = Named.Argument("USER", "The user.");
        var token = new Option<string?>("--id") { Description = "Only the token with this id.", HelpName = "id" };

        return verbs.Of("revoke", "Make the tokens of a user void, and close the connections.", [user, token], async (run, client) =>
        {
            var closed = await client.RevokeAsync(run.Value(user), run.Value(token), run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteNumber("closed", closed), () => $"revoked, {Line.Of(closed)} closed");
            return ExitCode.Done;
        });
    }
}
