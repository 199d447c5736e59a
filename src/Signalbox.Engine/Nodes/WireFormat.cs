using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Nodes;

/// <summary>How one protocol writes deliveries. There is one instance for all connections that share the bytes.</summary>
public abstract class WireFormat
{
    private static int _formats;

    /// <summary>Where the batches keep what this format made of them.</summary>
    internal int Slot { get; } = Interlocked.Increment(ref _formats) - 1;

    /// <summary>Writes all deliveries of the batch one behind the other.</summary>
    protected internal abstract EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries);
}
