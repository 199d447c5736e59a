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

        return verbs.Of("ack", "Say that a reserved item is done: it goes.", [queue, receipt], async run =>
        {
            await new ReceiptCall(run).SendAsync("qack", fields =>
            {
                fields.Property("key"u8);
                fields.Text(run.Value(queue));
                fields.Property("receipt"u8);
                fields.Text(run.Value(receipt));
            }, run.Options.CommandTimeout).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteBoolean("acknowledged", true), () => "acknowledged");
            return ExitCode.Done;
        });
    }
}
