using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.TestKit.Disks;

/// <summary>An open file of a simulated disk.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, SimulatedContent content, bool isWritable) : IDiskFile
{
    private bool _isDisposed;

    public long Length => disk.Reading(() =>
    {
        disk.LengthsAsked++;
        return content.Length;
    });

    public int Read(Span<byte> buffer, long offset)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var length = buffer.Length;
        var bytes = disk.Reading(() => content.Read(offset, length));
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        ThrowIfReadOnly();
        disk.Write(content, bytes.ToArray(), offset);
    }

    public void Sync()
    {
        ThrowIfReadOnly();
        disk.Sync(content);
    }

    public void Truncate(long lengthBytes)
    {
        ThrowIfReadOnly();
        disk.Truncate(content, lengthBytes);
    }

    public void Dispose() => _isDisposed = true;

    private void ThrowIfReadOnly()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!isWritable) throw new InvalidOperationException("This file was opened for reading.");
    }
}
