using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class UserCommand
{
    public static Command Create(Verbs verbs)
    {
        var user = Named.Argument("USER", "The user.");

        return verbs.Of("user", "List the connections of a user; none means offline.", [user], async (run, client) =>
        {
            var table = new Table(run.Printer, "ID", "PROTOCOL", "PEER", "NAME", "SINCE");
            foreach (var one in await client.UserAsync(run.Value(user), run.Ending).ConfigureAwait(false))
            {
                if (!run.Printer.IsJson) table.Add(one.Id, one.Protocol, one.Peer, one.Name ?? "", run.Printer.LocalDateTime(one.Since));
                else run.Printer.Json(json =>
                {
                    json.WriteString("id", one.Id);
                    json.WriteString("node", one.Node);
                    json.WriteString("peer", one.Peer);
                    json.WriteString("protocol", one.Protocol);
                    if (one.Name is { } name) json.WriteString("name", name);
                    json.WriteNumber("since", one.Since.ToUnixTimeMilliseconds());
                });
            }

            table.Flush();
            return ExitCode.Done;
        });
    }
}
