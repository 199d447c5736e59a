using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class PopCommand
{
    private static readonly TimeSpan StandardLease = TimeSpan.FromSeconds(30);

    public static Command Create(Verbs verbs)
    {
        var queue = Named.Argument("QUEUE", "The queue; $dead/QUEUE for the items that it gave up.");
        var block = new Option<bool>("--block") { Description = "Wait for an item: for ever, or as long as --timeout says." };
        var reserve = Durations.Option("--reserve", "Reserve it: unless acknowledged in time it comes back. Prints the receipt.");
        var acknowledge = new Option<bool>("--ack") { Description = "Acknowledge it when it is printed, and not before." };

        return verbs.Of("pop", "Take an item from a queue.", [queue, block, reserve, acknowledge], async run =>
        {
            var name = run.Value(queue);
            TimeSpan? wait = run.Value(block) ? run.Timeout : TimeSpan.Zero;
            if (run.Value(reserve) is { } lease && !run.Value(acknowledge))
            {
                var reserved = await ReservedItem.PopAsync(run, name, lease, wait).ConfigureAwait(false) ?? throw Empty(name);
                run.Printer.Print(
                    reserved.Write,
                    () => $"{reserved.Value.Text}\nreceipt {reserved.Receipt} until {run.Printer.LocalDateTime(reserved.Until)}");
                return ExitCode.Done;
            }

            var client = await run.ConnectAsync().ConfigureAwait(false);
            var options = new PopOptions
            {
                Wait = wait,
                Lease = run.Value(acknowledge) ? run.Value(reserve) ?? StandardLease : null,
            };
            var item = await client.PopAsync(name, options, run.Ending).ConfigureAwait(false) ?? throw Empty(name);
            run.Printer.Print(json => Write(json, item), () => item.Text);
            run.Printer.Flush();
            if (item.IsLeased) await item.AcknowledgeAsync(run.Ending).ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static CommandFailedException Empty(string queue) => new(ExitCode.NothingThere, $"There is no item in '{queue}'.");

    private static void Write(System.Text.Json.Utf8JsonWriter json, QueueItem item)
    {
        json.WriteNumber("item", item.Id);
        json.WriteNumber("priority", item.Priority);
        json.WriteNumber("attempts", item.Attempts);
        json.WriteNumber("time", item.AddedAt.ToUnixTimeMilliseconds());
        Printer.WriteHeaders(json, item.Headers);
        Printer.WriteValue(json, item.Value);
    }
}
