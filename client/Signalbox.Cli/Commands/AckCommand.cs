using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class AckCommand
{
    public static Command Create(Verbs verbs)
    {
        var queue = Named.Argument("QUEUE", "The queue.");
        var receipt = Named.Argument("RECEIPT", "What 'pop --reserve' printed.");

        return verbs.Of("ack", "Say that a reserved item is done: it goes.", [queue, receipt], async (run, client) =>
        {
            await client.AcknowledgeAsync(run.Value(queue), run.Value(receipt), run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteBoolean("acknowledged", true), () => "acknowledged");
            return ExitCode.Done;
        });
    }
}
