using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class IncrCommand
{
    public static Command Create(Verbs verbs)
    {
        var key = Named.Argument("KEY", "The key; one that is not there counts as 0.");
        var by = new Argument<long>("BY")
        {
            Description = "What to add; may be negative. [1]",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => 1,
        };

        return verbs.Of("incr", "Add to the whole number that a key holds.", [key, by], async (run, client) =>
        {
            var sum = await client.IncrementAsync(run.Value(key), run.Value(by), cancellationToken: run.Ending).ConfigureAwait(false);
            run.Printer.Print(json => json.WriteNumber("value", sum), () => Line.Of(sum));
            return ExitCode.Done;
        });
    }
}
