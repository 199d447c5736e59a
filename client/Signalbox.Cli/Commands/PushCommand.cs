using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class PushCommand
{
    public static Command Create(Verbs verbs)
    {
        var queue = Named.Argument("QUEUE", "The queue.");
        var value = Named.Value("The item: JSON where it is valid JSON, else text.");
        var text = Named.Text();
        var priority = new Option<int>("--priority") { Description = "Higher comes out first. [0]", HelpName = "n" };
        var delay = Durations.Option("--delay", "How long the item is hidden first.");
        var ttl = Durations.Option("--ttl", "How long the item is worth doing; without it for ever.");
        var id = Named.Id();

        return verbs.Of("push", "Put an item into a queue.", [queue, value, text, priority, delay, ttl, id], async (run, client) =>
        {
            var options = new PushOptions
            {
                Priority = run.Value(priority),
                Delay = run.Value(delay),
                Ttl = run.Value(ttl),
                Id = run.Value(id),
            };
            var payload = await run.PayloadAsync(value, text).ConfigureAwait(false);
            var item = await client.PushAsync(run.Value(queue), payload, options, run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteNumber("item", item), () => $"item {Line.Of(item)}");
            return ExitCode.Done;
        });
    }
}
