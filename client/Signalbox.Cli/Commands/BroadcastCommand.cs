using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class BroadcastCommand
{
    public static Command Create(Verbs verbs)
    {
        var value = Named.Value("The message: JSON where it is valid JSON, else text.");
        var text = Named.Text();
        var loop = new Option<bool>("--loop") { Description = "Send it to this connection too, and count it." };

        return verbs.Of("broadcast", "Send a message to everybody who has a subscription.", [value, text, loop], async (run, client) =>
        {
            var payload = await run.PayloadAsync(value, text).ConfigureAwait(false);
            var receivers = await client.BroadcastAsync(payload, run.Value(loop), run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteNumber("published", receivers), () => $"sent to {Line.Of(receivers)}");
            return ExitCode.Done;
        });
    }
}
