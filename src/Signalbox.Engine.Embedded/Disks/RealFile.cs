using Microsoft.Win32.SafeHandles;

namespace Signalbox.Engine.Embedded.Disks;

/// <summary>A file of a real directory.</summary>
internal sealed class RealFile(SafeFileHandle handle, string path) : IDiskFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long offset)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[count..], offset + count);
            if (read == 0) break;

            count += read;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (Exception failure) when (DiskErrors.Translate(failure, path) is { } known)
        {
            throw known;
        }
    }

    public void Sync()
    {
        try
        {
            if (OperatingSystem.IsLinux()) Posix.SyncData(handle, path);
            else RandomAccess.FlushToDisk(handle);
        }
        catch (Exception failure) when (DiskErrors.Translate(failure, path) is { } known)
        {
            throw known;
        }
    }

    public void Truncate(long lengthBytes) => RandomAccess.SetLength(handle, lengthBytes);

    public void Dispose() => handle.Dispose();
}
