using System.Numerics;

namespace Signalbox.Cli.Bench;

/// <summary>
/// Counts times in buckets that grow with the time: 64 to each power of two, so that a percentile is at most 1.6 %
/// above the truth, and never below it. Any number of threads may record at once.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    // A row for each highest bit from SubBits to 62, and one for all that is below.
    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Record(TimeSpan time)
    {
        var ticks = Math.Max(time.Ticks, 0);
        Interlocked.Increment(ref _counts[BucketOf(ticks)]);
        Interlocked.Increment(ref _count);
    }

    /// <param name="share">For example 0.99: that many of all times were not longer.</param>
    /// <returns>Zero where nothing was recorded.</returns>
    public TimeSpan Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long passed = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            passed += Volatile.Read(ref _counts[bucket]);
            if (passed >= rank) return TimeSpan.FromTicks(TopOf(bucket));
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long ticks)
    {
        var highest = BitOperations.Log2((ulong)ticks | 1);
        if (highest < SubBits) return (int)ticks;

        // The highest bit chooses the row, the six behind it the bucket in the row.
        var shift = highest - SubBits;
        return ((shift + 1) << SubBits) + (int)(ticks >> shift) - SubBuckets;
    }

    private static long TopOf(int bucket)
    {
        var row = bucket >> SubBits;
        if (row == 0) return bucket;

        var shift = row - 1;
        return (((long)(bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
