using System.CommandLine;
using System.Globalization;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;
using Signalbox.Protocol.Errors;

namespace Signalbox.Cli.Commands;

internal static class SetCommand
{
    private const string Absent = "absent";
    private const string Present = "present";

    public static Command Create(Verbs verbs)
    {
        var key = Named.Argument("KEY", "The key.");
        var value = Named.Value("What it is to hold: JSON where it is valid JSON, else text.");
        var text = Named.Text();
        var ttl = Durations.Option("--ttl", "How long the key lives; without it for ever.");
        var condition = Condition();
        var id = Named.Id();

        return verbs.Of("set", "Set a key.", [key, value, text, ttl, condition, id], async (run, client) =>
        {
            var demand = run.Value(condition);
            var options = new SetOptions
            {
                Ttl = run.Value(ttl),
                IfAbsent = demand == Absent,
                IfPresent = demand == Present,
                IfVersion = TryVersion(demand, out var wanted) ? wanted : null,
                Id = run.Value(id),
            };
            var payload = await run.PayloadAsync(value, text).ConfigureAwait(false);
            if (await client.SetAsync(run.Value(key), payload, options, run.Ending).ConfigureAwait(false) is not { } version)
            {
                throw new SignalboxException(ErrorCode.Conflict, $"The key is not as --if {demand} demands.");
            }

            run.Printer.Print(json => json.WriteNumber("version", version), () => $"version {Line.Of(version)}");
            return ExitCode.Done;
        });
    }

    private static Option<string?> Condition()
    {
        var option = new Option<string?>("--if")
        {
            Description = "Only where the key is absent, or present, or has this version.",
            HelpName = "absent|present|version",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text is not (Absent or Present) && !TryVersion(text, out _))
            {
                result.AddError($"'{text}' is no condition for --if; use absent, present or a version.");
            }
        });
        return option;
    }

    private static bool TryVersion(string? text, out long version) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
}
