namespace Signalbox.Engine.Nodes;

/// <summary>A batch as bytes: shared by every connection of one protocol, and never changed.</summary>
public sealed class EncodedBatch
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[]? _ends;

    /// <param name="ends">Where each delivery ends in the bytes; null where there is but one.</param>
    public EncodedBatch(ReadOnlyMemory<byte> bytes, int[]? ends)
    {
        _bytes = bytes;
        _ends = ends;
    }

    public int Count => _ends?.Length ?? 1;

    public int Length => _bytes.Length;

    /// <summary>The bytes of the deliveries from one index up to, and without, another.</summary>
    public ReadOnlyMemory<byte> Slice(int from, int to) => _ends is null ? _bytes : _bytes[Start(from)..Start(to)];

    private int Start(int index) => index == 0 ? 0 : _ends![index - 1];
}
