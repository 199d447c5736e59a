using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>A file looked at through a buffer: small reads one behind the other cost no system call each.</summary>
internal sealed class FileWindow(IDiskFile file) : IDisposable
{
    private const int UsualBytes = 1024 * 1024;

    private byte[] _buffer = new byte[Math.Min(UsualBytes, file.Length)];
    private long _start;
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>The bytes from here on: as many as asked for, or fewer where the file ends.</summary>
    /// <remarks>Good until the next call.</remarks>
    public ReadOnlySpan<byte> Bytes(long offset, int count)
    {
        // Where the file ends there is no more to be had, however often one reads.
        count = (int)Math.Clamp(Length - offset, 0, count);
        if (offset < _start || offset + count > _start + _count) Fill(offset, count);
        var at = (int)(offset - _start);
        return _buffer.AsSpan(at, Math.Min(count, _count - at));
    }

    /// <summary>The next look is at the file as it is then.</summary>
    public void Forget() => _count = 0;

    public void Dispose() => file.Dispose();

    private void Fill(long offset, int count)
    {
        if (_buffer.Length < count) _buffer = new byte[count];
        else if (_buffer.Length > UsualBytes && count <= UsualBytes) _buffer = new byte[UsualBytes];

        _start = offset;
        _count = file.Read(_buffer, offset);
    }
}
