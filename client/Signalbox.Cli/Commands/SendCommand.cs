using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class SendCommand
{
    public static Command Create(Verbs verbs)
    {
        var user = Named.Argument("USER", "The user.");
        var value = Named.Value("The message: JSON where it is valid JSON, else text.");
        var text = Named.Text();
        var headers = Headers.Option();

        return verbs.Of("send", "Send a message to every connection of a user.", [user, value, text, headers], async (run, client) =>
        {
            var options = new SendOptions { Headers = Headers.Of(run.Value(headers)) };
            var payload = await run.PayloadAsync(value, text).ConfigureAwait(false);
            var receivers = await client.SendAsync(run.Value(user), payload, options, run.Ending).ConfigureAwait(false);

            run.Printer.Print(json => json.WriteNumber("published", receivers), () => $"sent to {Line.Of(receivers)}");
            return ExitCode.Done;
        });
    }
}
