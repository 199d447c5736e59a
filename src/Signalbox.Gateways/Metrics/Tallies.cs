using Signalbox.Gates;

namespace Signalbox.Gateways.Metrics;

/// <summary>Counters that are written all the time and read now and then: each thread has its own, and the sum is made
/// by who reads.</summary>
/// <remarks>
/// To count is an addition to memory that no other thread writes: no lock, no interlocked operation, nothing that makes
/// two threads wait for one another's cache line. A reader may be a moment behind, and is never wrong for good.
/// </remarks>
#pragma warning disable CA1001 // Whoever is late still counts: the slots go with the object, and not before it.
internal sealed class Tallies(int size)
#pragma warning restore CA1001
{
    private readonly Gate _gate = new(GateRank.Tallies);
    private readonly List<(Thread Thread, long[] Counts)> _threads = [];
    private readonly long[] _gone = new long[size];
    private readonly ThreadLocal<long[]?> _mine = new();

    public void Add(int index, long amount) => (_mine.Value ?? Begin())[index] += amount;

    public long[] Sum()
    {
        using (_gate.Enter())
        {
            // What a thread that is gone has counted stays; its memory does not.
            _threads.RemoveAll(one => !one.Thread.IsAlive && TryFold(one.Counts));
            var sum = (long[])_gone.Clone();
            foreach (var (_, counts) in _threads) AddTo(sum, counts);
            return sum;
        }
    }

    private bool TryFold(long[] counts)
    {
        AddTo(_gone, counts);
        return true;
    }

    private static void AddTo(long[] sum, long[] counts)
    {
        for (var i = 0; i < sum.Length; i++) sum[i] += Volatile.Read(ref counts[i]);
    }

    private long[] Begin()
    {
        var counts = new long[size];
        using (_gate.Enter()) _threads.Add((Thread.CurrentThread, counts));
        _mine.Value = counts;
        return counts;
    }
}
