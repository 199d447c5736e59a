using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class HistoryCommand
{
    public static Command Create(Verbs verbs)
    {
        var channel = Named.Argument("CHANNEL", "The channel.");
        var since = new Since("Only what came after this offset; with --reverse before it.");
        var limit = Named.AtLeast("--limit", 1, "At most so many messages.");
        var reverse = new Option<bool>("--reverse") { Description = "Newest first." };

        var command = verbs.Of(
            "history",
            "Print the messages that a channel has kept.",
            [channel, since.Offset, since.Epoch, limit, reverse],
            async (run, client) =>
            {
                var table = new Table(run.Printer, ">OFFSET", "TIME", "SOURCE", "VALUE");
                var position = since.Of(run.Parsed);
                var left = run.Value(limit) ?? long.MaxValue;
                bool isComplete;
                do
                {
                    var options = new HistoryOptions
                    {
                        Since = position,
                        Limit = left > int.MaxValue ? null : (int)left,
                        Reverse = run.Value(reverse),
                    };
                    var page = await client.HistoryAsync(run.Value(channel), options, run.Ending).ConfigureAwait(false);
                    foreach (var message in page.Messages) Print(run.Printer, table, message);

                    left -= page.Messages.Count;
                    isComplete = page.IsComplete || page.Messages.Count == 0;
                    if (!isComplete) position = page.Messages[^1].Position;
                }
                while (!isComplete && left > 0);

                table.Flush();
                return ExitCode.Done;
            });
        since.AddRuleTo(command);
        return command;
    }

    private static void Print(Printer printer, Table table, Message message)
    {
        if (printer.IsJson)
        {
            printer.Json(json => ChannelLines.WriteMessage(json, message));
            return;
        }

        var time = message.Time is { } known ? printer.LocalDateTime(known) : "";
        table.Add(Line.Of(message.Offset), time, message.Source, message.Text);
    }
}
