using FsCheck;
using FsCheck.Fluent;
using Signalbox.Cli.Bench;

namespace Signalbox.Cli.Tests.Bench;

public sealed class LatencyHistogramProperties
{
    private static readonly double[] Shares = [0.001, 0.5, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void A_percentile_is_that_of_the_sorted_list_or_a_little_more() =>
        Prop.ForAll<long[]>(numbers =>
        {
            // Spread over all sizes: FsCheck's numbers alone are small.
            var times = numbers.Select((number, i) => (number & long.MaxValue) >> (i % 60)).Order().ToList();
            var histogram = new LatencyHistogram();
            foreach (var time in times) histogram.Record(TimeSpan.FromTicks(time));

            return times.Count == histogram.Count && Shares.All(share => IsRight(histogram, times, share));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_size_of_time_is_found_again_within_a_sixtieth()
    {
        for (var bit = 0; bit < 63; bit++)
        {
            foreach (var ticks in (long[])[1L << bit, (1L << bit) - 1, (1L << bit) + (1L << bit) / 3])
            {
                var histogram = new LatencyHistogram();
                histogram.Record(TimeSpan.FromTicks(ticks));

                var found = histogram.Percentile(0.5).Ticks;
                Assert.InRange(found, ticks, ticks + ticks / 60);
            }
        }
    }

    [Fact]
    public void Of_nothing_every_percentile_is_zero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(0.99));

    private static bool IsRight(LatencyHistogram histogram, List<long> sorted, double share)
    {
        if (sorted.Count == 0) return histogram.Percentile(share) == TimeSpan.Zero;

        var truth = sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Count)) - 1];
        var told = histogram.Percentile(share).Ticks;
        return told >= truth && told - truth <= truth / 60;
    }
}
