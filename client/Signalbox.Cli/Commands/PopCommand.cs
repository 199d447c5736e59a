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
            if (run.Value(block)) WaitForAnswersAsUsual(run.Options);
            var client = await run.ConnectAsync().ConfigureAwait(false);
            var isAcknowledged = run.Value(acknowledge);
            var options = new PopOptions
            {
                Wait = wait,
                Lease = run.Value(reserve) ?? (isAcknowledged ? StandardLease : null),
            };
            var item = await client.PopAsync(name, options, run.Ending).ConfigureAwait(false) ?? throw Empty(name);
            run.Printer.Print(json => Write(json, item, isKept: item.IsLeased && !isAcknowledged), () => TextOf(run, item, isAcknowledged));
            run.Printer.Flush();
            if (isAcknowledged) await item.AcknowledgeAsync(run.Ending).ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static CommandFailedException Empty(string queue) => new(ExitCode.NothingThere, $"There is no item in '{queue}'.");

    // Here --timeout is for the item, and not for the connection and the answers on it.
    private static void WaitForAnswersAsUsual(SignalboxClientOptions options)
    {
        var usual = new SignalboxClientOptions();
        (options.ConnectTimeout, options.CommandTimeout) = (usual.ConnectTimeout, usual.CommandTimeout);
    }

    private static string TextOf(Run run, QueueItem item, bool isAcknowledged) => item.IsLeased && !isAcknowledged
        ? $"{item.Text}\nreceipt {item.Receipt} until {run.Printer.LocalDateTime(item.LeasedUntil)}"
        : item.Text;

    private static void Write(System.Text.Json.Utf8JsonWriter json, QueueItem item, bool isKept)
    {
        json.WriteNumber("item", item.Id);
        json.WriteNumber("priority", item.Priority);
        json.WriteNumber("attempts", item.Attempts);
        json.WriteNumber("time", item.AddedAt.ToUnixTimeMilliseconds());
        Printer.WriteHeaders(json, item.Headers);
        if (isKept)
        {
            json.WriteString("receipt", item.Receipt);
            json.WriteNumber("until", item.LeasedUntil.ToUnixTimeMilliseconds());
        }

        Printer.WriteValue(json, item.Value);
    }
}
