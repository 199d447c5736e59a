namespace Signalbox.Engine.Embedded.Log;

/// <summary>How the log on disk is cut up.</summary>
public sealed record LogOptions
{
    public static readonly LogOptions Default = new();

    /// <summary>Bytes of a segment file; as much is reserved ahead of what is written.</summary>
    public long SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long what nobody waits for may stay unflushed.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of what nobody waits for that are written together, before it is time to flush them.</summary>
    public int WriteBytes { get; init; } = 1024 * 1024;

    /// <summary>How far ahead of frames that somebody waits for zeros are written, so that their flushes are short.</summary>
    public int FillBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// How many bytes are written at least until the log tells itself again; and always twice as many as that will
    /// write, so that it at most makes half as much again of what is written.
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes that may wait to be written; more is refused until the disk has caught up.</summary>
    public long MaxWaitingBytes => SegmentBytes / 4;

    /// <summary>So much of what nobody waits for is written at once: long before it would be refused.</summary>
    internal long MuchBytes => Math.Min(WriteBytes, MaxWaitingBytes / 2);
}
