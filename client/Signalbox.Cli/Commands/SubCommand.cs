using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

internal static class SubCommand
{
    public static Command Create(Verbs verbs)
    {
        var channels = Named.Checked(new Argument<string[]>("CHANNEL")
        {
            Description = "Channels, or with + and # all that match.",
            Arity = ArgumentArity.OneOrMore,
        });
        var since = new Since("Begin behind this offset: what came after it is printed first.");
        var count = Named.AtLeast("--count", 1, "End after so many messages.");

        var command = verbs.Of(
            "sub",
            "Print messages of channels, broadcasts, and what is sent to the user, as they come.",
            [channels, since.Offset, since.Epoch, count],
            async (run, client) =>
            {
                var options = new SubscribeOptions { Since = since.Of(run.Parsed) };
                try
                {
                    var sources = new List<Subscription> { client.Broadcasts, client.Direct };
                    foreach (var channel in run.Value(channels).Distinct())
                    {
                        sources.Add(await client.SubscribeAsync(channel, options, run.Ending).ConfigureAwait(false));
                    }

                    var feed = new Feed(run.Printer, run.Value(count) ?? long.MaxValue);
                    await feed.PrintAsync(sources, run.Ending).ConfigureAwait(false);
                    return ExitCode.Done;
                }
                catch (OperationCanceledException e)
                {
                    return run.EndedBy(e);
                }
            });
        since.AddRuleTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(since.Offset) is null || result.GetValue(channels) is not { } names) return;
            if (names is [var one] && one.AsSpan().IndexOfAny('+', '#') < 0) return;
            result.AddError("--since is a place in one channel; name that one alone.");
        });
        return command;
    }
}
