using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class GetCommand
{
    public static Command Create(Verbs verbs)
    {
        var key = Named.Argument("KEY", "The key.");

        return verbs.Of("get", "Print what a key holds.", [key], async (run, client) =>
        {
            var entry = await client.GetAsync(run.Value(key), run.Ending).ConfigureAwait(false);
            if (entry is null) throw new CommandFailedException(ExitCode.NothingThere, $"There is no key '{run.Value(key)}'.");

            run.Printer.Print(
                json =>
                {
                    Printer.WriteValue(json, entry.Value);
                    json.WriteNumber("version", entry.Version);
                    if (entry.ExpiresAt is { } end) json.WriteNumber("expire", end.ToUnixTimeSeconds());
                },
                () => entry.Text);
            return ExitCode.Done;
        });
    }
}
