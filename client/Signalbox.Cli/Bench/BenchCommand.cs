using System.CommandLine;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

internal static class BenchCommand
{
    public static Command Create(Verbs verbs) => new("bench", "Measure a running server.")
    {
        Of(
            verbs,
            "fanout",
            "Publish to subscribers; a unit is one message at one subscriber.",
            options => [options.Subs, options.Size, options.Depth, options.Conns],
            standardConns: 1,
            FanoutBench.Create),
        Of(
            verbs,
            "kv",
            "Set and get keys in turn; a unit is one command.",
            options => [options.Size, options.Depth, options.Conns],
            standardConns: 4,
            KeyBench.Create),
        Of(
            verbs,
            "queue",
            "Push, reserve and acknowledge items; a unit is one item, from the push to the acknowledgement.",
            options => [options.Size, options.Depth, options.Conns],
            standardConns: 4,
            QueueBench.Create),
        Of(
            verbs,
            "idle",
            "Open connections that are subscribed and silent; a unit is one connection.",
            options => [options.Conns],
            standardConns: 100,
            IdleBench.Create),
    };

    private static Command Of(
        Verbs verbs,
        string name,
        string description,
        Func<BenchOptions, Option[]> choose,
        int standardConns,
        Func<Run, BenchOptions, IBench> create)
    {
        var options = new BenchOptions(standardConns);
        return verbs.Of(
            name,
            description,
            [.. choose(options), options.Duration],
            run => new Benchmark(run, name, create(run, options), options.DurationOf(run)).RunAsync());
    }
}
