using System.Collections.Concurrent;

namespace Signalbox.Transport;

/// <summary>
/// Blocks that are used again. A connection has one only while bytes are in it: whoever reads a message to its end, on
/// the thread that received it, gives back the block that the next connection's message comes into.
/// </summary>
internal static class Blocks
{
    public const int SizeBytes = 32 * 1024;

    // So much a burst may leave behind; the rest is the collector's.
    private const int MostKept = 256;

    private static readonly ConcurrentQueue<Block> Kept = new();
    private static int _keptCount;

    [ThreadStatic]
    private static Block? _spare;

    public static Block Rent()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        if (Kept.TryDequeue(out var kept))
        {
            Interlocked.Decrement(ref _keptCount);
            return kept;
        }

        return new Block(SizeBytes);
    }

    /// <summary>Gives back a whole chain.</summary>
    public static void ReturnAll(Block? first)
    {
        for (var block = first; block is not null;)
        {
            var next = block.NextBlock;
            Return(block);
            block = next;
        }
    }

    /// <summary>Gives back a block, whatever its size.</summary>
    public static void Return(Block block)
    {
        if (block.Size != SizeBytes) return;

        block.Clear();
        if (_spare is null)
        {
            _spare = block;
        }
        else if (Interlocked.Increment(ref _keptCount) <= MostKept)
        {
            Kept.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _keptCount);
        }
    }
}
