using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class WatchCommand
{
    public static Command Create(Verbs verbs)
    {
        var key = Named.Argument("KEY", "The key.");
        var count = Named.AtLeast("--count", 1, "End after so many states.");

        return verbs.Of("watch", "Print what a key holds: now, and at each change.", [key, count], async (run, client) =>
        {
            var left = run.Value(count) ?? long.MaxValue;
            try
            {
                var watch = await client.WatchAsync(run.Value(key), run.Ending).ConfigureAwait(false);
                await foreach (var change in watch.WithCancellation(run.Ending).ConfigureAwait(false))
                {
                    run.Printer.Print(json => Write(json, change), () => TextOf(run, change));
                    run.Printer.Flush();
                    if (--left == 0) break;
                }

                return ExitCode.Done;
            }
            catch (OperationCanceledException e)
            {
                return run.EndedBy(e);
            }
        });
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, KeyChange change)
    {
        json.WriteString("key", change.Key);
        json.WriteNumber("version", change.Version);
        Printer.WriteValue(json, change.Value);
    }

    private static string TextOf(Run run, KeyChange change)
    {
        var time = run.Printer.LocalTime(run.Clock.GetUtcNow());
        return $"{time}  {Line.Of(change.Version),6}  {(change.Value is { } value ? Line.Of(value.Text) : "-- no such key --")}";
    }
}
