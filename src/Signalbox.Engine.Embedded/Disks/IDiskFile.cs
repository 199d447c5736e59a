namespace Signalbox.Engine.Embedded.Disks;

/// <summary>A file that is written at the places its writer says.</summary>
public interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <returns>How many bytes were read: fewer than asked for only where the file ends.</returns>
    int Read(Span<byte> buffer, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>All that was written is durable when it returns, and the length too.</summary>
    /// <remarks>After it has failed nobody can say what is on the disk, and trying again does not help.</remarks>
    void Sync();

    /// <summary>Cuts off what is behind this length.</summary>
    void Truncate(long lengthBytes);
}
