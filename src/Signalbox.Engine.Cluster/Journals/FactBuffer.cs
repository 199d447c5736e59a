using System.Buffers;

namespace Signalbox.Engine.Cluster.Journals;

/// <summary>Buffers for what waits to be written: needed by every operation, and hardly ever for longer than its turn.</summary>
internal static class FactBuffer
{
    // Bigger than this it is not kept for the next operation.
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    public static ArrayBufferWriter<byte> Rent()
    {
        var buffer = _kept ?? new ArrayBufferWriter<byte>();
        _kept = null;
        return buffer;
    }

    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptBytes) return;

        buffer.ResetWrittenCount();
        _kept = buffer;
    }
}
