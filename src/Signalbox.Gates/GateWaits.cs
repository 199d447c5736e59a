using System.Collections.Concurrent;
using System.Diagnostics;

namespace Signalbox.Gates;

/// <summary>The threads that have waited for a gate for longer than any gate is held in order.</summary>
/// <remarks>
/// Each puts its own stack here before it waits on. In a deadlock all that are part of it do, so the stacks together
/// show it whole.
/// </remarks>
public static class GateWaits
{
    /// <summary>How long a thread waits until it is listed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<long, GateWait> Waits = new();
    private static long _last;

    /// <summary>Who waits now.</summary>
    public static IReadOnlyCollection<GateWait> Current => Waits.IsEmpty ? [] : [.. Waits.Values];

    internal static Listing Begin(GateRank rank)
    {
        var number = Interlocked.Increment(ref _last);
        var thread = Thread.CurrentThread;
        Waits[number] = new GateWait(
            number, rank, thread.Name ?? $"thread {thread.ManagedThreadId}", new StackTrace(skipFrames: 2).ToString());
        return new Listing(number);
    }

    internal readonly struct Listing(long number) : IDisposable
    {
        public void Dispose() => Waits.TryRemove(number, out _);
    }
}
