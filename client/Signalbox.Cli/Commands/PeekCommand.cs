using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class PeekCommand
{
    private const int StandardLimit = 10;

    public static Command Create(Verbs verbs)
    {
        var queue = Named.Argument("QUEUE", "The queue; $dead/QUEUE for the items that it gave up.");
        var limit = Named.AtLeast("--limit", 1, $"At most so many items. [{StandardLimit}]");

        return verbs.Of("peek", "Look at the items that would be taken next.", [queue, limit], async (run, client) =>
        {
            var wanted = (int)Math.Min(run.Value(limit) ?? StandardLimit, int.MaxValue);
            var table = new Table(run.Printer, ">ITEM", ">PRIORITY", ">ATTEMPTS", "ADDED", "VALUE");
            foreach (var item in await client.PeekAsync(run.Value(queue), wanted, run.Ending).ConfigureAwait(false))
            {
                if (!run.Printer.IsJson)
                {
                    table.Add(
                        Line.Of(item.Id),
                        Line.Of(item.Priority),
                        Line.Of(item.Attempts),
                        run.Printer.LocalDateTime(item.AddedAt),
                        item.Text);
                    continue;
                }

                run.Printer.Json(json =>
                {
                    json.WriteNumber("item", item.Id);
                    json.WriteNumber("priority", item.Priority);
                    json.WriteNumber("attempts", item.Attempts);
                    json.WriteNumber("time", item.AddedAt.ToUnixTimeMilliseconds());
                    Printer.WriteHeaders(json, item.Headers);
                    Printer.WriteValue(json, item.Value);
                });
            }

            table.Flush();
            return ExitCode.Done;
        });
    }
}
