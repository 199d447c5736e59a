using System.CommandLine;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

/// <summary>How hard and how long a bench drives the server.</summary>
internal sealed class BenchOptions(int standardConns)
{
    private static readonly TimeSpan StandardDuration = TimeSpan.FromSeconds(10);
    private const int StandardSubs = 10;
    private const int StandardSize = 128;
    private const int StandardDepth = 16;

    public Option<long?> Subs { get; } = Named.AtLeast("--subs", 1, $"Subscribers, a connection each. [{StandardSubs}]");

    public Option<long?> Size { get; } = Named.AtLeast("--size", Stamp.Bytes, $"Bytes of a value. [{StandardSize}]");

    public Option<TimeSpan?> Duration { get; } = Durations.Option("--duration", "How long to measure. [10s]");

    public Option<long?> Depth { get; } = Named.AtLeast("--depth", 1, $"How many are under way at once on a connection. [{StandardDepth}]");

    public Option<long?> Conns { get; } = Named.AtLeast("--conns", 1, $"Connections; of fanout the publishers'. [{standardConns}]");

    public TimeSpan DurationOf(Run run) => run.Value(Duration) ?? StandardDuration;

    public int ConnsOf(Run run) => Of(run, Conns, standardConns);

    public int SizeOf(Run run) => Of(run, Size, StandardSize);

    public int SubsOf(Run run) => Of(run, Subs, StandardSubs);

    public int DepthOf(Run run) => Of(run, Depth, StandardDepth);

    private static int Of(Run run, Option<long?> option, int standard) =>
        (int)Math.Min(run.Value(option) ?? standard, int.MaxValue);
}
