using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class QueuesCommand
{
    public static Command Create(Verbs verbs)
    {
        var prefix = Named.Prefix("Only queues whose names begin so.");

        return verbs.Of("queues", "List queues that have items.", [prefix], async (run, client) =>
        {
            var table = new Table(run.Printer, "QUEUE", ">READY", ">DELAYED", ">LEASED", ">DEAD");
            await foreach (var queue in client.QueuesAsync(run.Value(prefix), run.Ending).ConfigureAwait(false))
            {
                var counts = queue.Counts;
                if (!run.Printer.IsJson)
                {
                    table.Add(queue.Name, Line.Of(counts.Ready), Line.Of(counts.Delayed), Line.Of(counts.Leased), Line.Of(counts.Dead));
                    continue;
                }

                run.Printer.Json(json =>
                {
                    json.WriteString("queue", queue.Name);
                    json.WriteNumber("ready", counts.Ready);
                    json.WriteNumber("delayed", counts.Delayed);
                    json.WriteNumber("leased", counts.Leased);
                    json.WriteNumber("dead", counts.Dead);
                });
            }

            table.Flush();
            return ExitCode.Done;
        });
    }
}
