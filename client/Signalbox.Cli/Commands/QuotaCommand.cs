using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class QuotaCommand
{
    public static Command Create(Verbs verbs)
    {
        var channel = Named.Argument("CHANNEL", "The channel.");

        return verbs.Of("quota", "Tell what is left of the rate limit for publishing to a channel.", [channel], async (run, client) =>
        {
            var quota = await client.QuotaAsync(run.Value(channel), run.Ending).ConfigureAwait(false);
            run.Printer.Print(
                json =>
                {
                    if (quota.Limit is { } limit) json.WriteNumber("limit", limit);
                    else json.WriteNull("limit");
                    json.WriteNumber("window", (long)quota.Window.TotalMilliseconds);
                    if (quota.Remaining is { } remaining) json.WriteNumber("remaining", remaining);
                    json.WriteNumber("retryAfter", (long)quota.RetryAfter.TotalMilliseconds);
                },
                () => TextOf(quota));
            return ExitCode.Done;
        });
    }

    private static string TextOf(Quota quota)
    {
        if (quota.Limit is not { } limit) return "no limit";

        var wait = quota.RetryAfter > TimeSpan.Zero ? $", the next in {Line.Of(quota.RetryAfter)}" : "";
        return $"{Line.Of(quota.Remaining ?? 0)} of {Line.Of(limit)} left in {Line.Of(quota.Window)}{wait}";
    }
}
