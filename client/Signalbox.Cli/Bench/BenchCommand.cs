using System.CommandLine;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

internal static class BenchCommand
{
    public static Command Create(Verbs verbs) => new("bench", "Measure a running server.")
    {
        Of(verbs, "fanout", "Publish to subscribers; a unit is one message at one subscriber.", o => [o.Subs, o.Size, o.Depth, o.Conns], FanoutBench.Create),
        Of(verbs, "kv", "Set and get keys in turn; a unit is one command.", o => [o.Size, o.Depth, o.Conns], KeyBench.Create),
        Of(verbs, "queue", "Push, reserve and acknowledge items; a unit is one item from push to acknowledgement.", o => [o.Size, o.Depth, o.Conns], QueueBench.Create),
        Of(verbs, "idle", "Open connections that are subscribed and silent; a unit is one connection.", o => [o.Conns], IdleBench.Create),
    };

    private static Command Of(
        Verbs verbs, string name, string description, Func<BenchOptions, Option[]> choose, Func<Run, BenchOptions, IBench> create)
    {
        var options = new BenchOptions();
        return verbs.Of(
            name,
            description,
            [.. choose(options), options.Duration],
            run => new Benchmark(run, name, create(run, options), options.DurationOf(run)).RunAsync());
    }
}
