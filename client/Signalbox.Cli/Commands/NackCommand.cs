using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class NackCommand
{
    public static Command Create(Verbs verbs)
    {
        var queue = Named.Argument("QUEUE", "The queue.");
        var receipt = Named.Argument("RECEIPT", "What 'pop --reserve' printed.");
        var delay = Durations.Option("--delay", "How long the item is hidden first.");

        return verbs.Of("nack", "Give a reserved item back to its queue.", [queue, receipt, delay], async (run, client) =>
        {
            await client.RejectAsync(run.Value(queue), run.Value(receipt), run.Value(delay) ?? TimeSpan.Zero, run.Ending)
                .ConfigureAwait(false);

            run.Printer.Print(json => json.WriteBoolean("returned", true), () => "returned");
            return ExitCode.Done;
        });
    }
}
