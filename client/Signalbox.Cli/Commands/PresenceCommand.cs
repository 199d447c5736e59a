using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class PresenceCommand
{
    public static Command Create(Verbs verbs)
    {
        var channel = Named.Argument("CHANNEL", "The channel.");

        return verbs.Of("presence", "List who is subscribed to a channel.", [channel], async (run, client) =>
        {
            var table = new Table(run.Printer, "ID", "PEER", "NAME", "USER", "SINCE");
            foreach (var member in await client.PresenceAsync(run.Value(channel), run.Ending).ConfigureAwait(false))
            {
                if (run.Printer.IsJson) run.Printer.Json(json => ChannelLines.WriteMember(json, member));
                else table.Add(member.Id, member.Peer, member.Name ?? "", member.User ?? "", run.Printer.LocalDateTime(member.Since));
            }

            table.Flush();
            return ExitCode.Done;
        });
    }
}
