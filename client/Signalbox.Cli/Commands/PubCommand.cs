using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class PubCommand
{
    public static Command Create(Verbs verbs)
    {
        var channel = Named.Argument("CHANNEL", "The channel.");
        var value = Named.Value("The message: JSON where it is valid JSON, else text.");
        var text = Named.Text();
        var retain = new Option<bool>("--retain") { Description = "Keep it as the channel's value for new subscribers." };
        var id = Named.Id();
        var headers = Headers.Option();

        return verbs.Of("pub", "Publish a message.", [channel, value, text, retain, id, headers], async (run, client) =>
        {
            var options = new PublishOptions
            {
                Id = run.Value(id),
                Headers = Headers.Of(run.Value(headers)),
                Retain = run.Value(retain),
            };
            var payload = await run.PayloadAsync(value, text).ConfigureAwait(false);
            var result = await client.PublishAsync(run.Value(channel), payload, options, run.Ending).ConfigureAwait(false);

            run.Printer.Print(
                json =>
                {
                    json.WriteNumber("published", result.Receivers);
                    if (result.Offset is { } offset) json.WriteNumber("offset", offset);
                },
                () => $"published to {Line.Of(result.Receivers)}{(result.Offset is { } offset ? $", offset {Line.Of(offset)}" : "")}");
            return ExitCode.Done;
        });
    }
}
