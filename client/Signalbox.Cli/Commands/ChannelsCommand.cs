using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class ChannelsCommand
{
    public static Command Create(Verbs verbs)
    {
        var prefix = Named.Prefix("Only channels whose names begin so.");

        return verbs.Of("channels", "List channels that somebody is subscribed to.", [prefix], async (run, client) =>
        {
            var table = new Table(run.Printer, "CHANNEL", ">SUBSCRIBERS");
            await foreach (var channel in client.ChannelsAsync(run.Value(prefix), run.Ending).ConfigureAwait(false))
            {
                if (!run.Printer.IsJson)
                {
                    table.Add(channel.Name, Line.Of(channel.Peers.Count));
                    continue;
                }

                run.Printer.Json(json =>
                {
                    json.WriteString("channel", channel.Name);
                    json.WriteStartArray("peers");
                    foreach (var peer in channel.Peers) json.WriteStringValue(peer);
                    json.WriteEndArray();
                });
            }

            table.Flush();
            return ExitCode.Done;
        });
    }
}
