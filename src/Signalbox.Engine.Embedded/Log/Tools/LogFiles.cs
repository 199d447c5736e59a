using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>
/// The files that a log consists of, held open: they can be read to their ends though a running server deletes them.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    // Each of them finds a checkpoint completed in the moment between two looks, which come seconds apart at the least.
    private const int MaxTries = 10;

    private readonly IDisk _disk;

    private LogFiles(IDisk disk, byte[]? checkpoint, List<SegmentFile> segments, IReadOnlyList<string> needless)
    {
        _disk = disk;
        CheckpointBytes = checkpoint;
        Segments = segments;
        if (checkpoint is not null) Checkpoint = Checkpoint.Read(checkpoint);
        else if (segments[0].Number == Checkpoint.Beginning.Segment) Checkpoint = Checkpoint.Beginning;
        Needless = needless;
    }

    /// <summary>What the file <c>checkpoint</c> holds; null where there is none.</summary>
    public byte[]? CheckpointBytes { get; }

    /// <summary>Null where the file is damaged, or lost.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>The segments from the checkpoint's on, or all of them where nobody knows which that is.</summary>
    public IReadOnlyList<SegmentFile> Segments { get; }

    /// <summary>Files from before the checkpoint, which nothing reads any more.</summary>
    public IReadOnlyList<string> Needless { get; }

    /// <exception cref="LogMissingException">There is none.</exception>
    public static LogFiles Open(IDisk disk)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            if (TryOpen(disk) is { } files) return files;
        }

        throw new IOException($"The log in {disk.Path} was cut down again and again while its files were opened.");
    }

    /// <summary>Whether a server has gone on since the files were opened: behind this segment there is another one now,
    /// or a checkpoint has made it needless.</summary>
    public bool HaveGoneOn(string segment)
    {
        var later = LogReader.Segments(_disk).Where(number => string.CompareOrdinal(SegmentHeader.NameOf(number), segment) > 0);
        return !_disk.Files().Contains(segment) || later.Any(IsBegun);
    }

    public void Dispose()
    {
        foreach (var segment in Segments) segment.File.Dispose();
    }

    private bool IsBegun(long number)
    {
        try
        {
            using var file = _disk.Open(SegmentHeader.NameOf(number));
            return new SegmentFile(number, file).ReadHeader() is not null;
        }
        catch (FileNotFoundException)
        {
            return true; // A checkpoint behind it has made it needless.
        }
    }

    private static LogFiles? TryOpen(IDisk disk)
    {
        var bytes = ReadCheckpoint(disk);
        var begin = bytes is null ? 0 : Checkpoint.Read(bytes)?.Segment ?? 0;
        var numbers = LogReader.Segments(disk);
        if (numbers.Count == 0 && bytes is null) throw new LogMissingException(disk.Path);

        var segments = new List<SegmentFile>();
        try
        {
            foreach (var number in numbers.Where(number => number >= begin))
            {
                segments.Add(new SegmentFile(number, disk.Open(SegmentHeader.NameOf(number))));
            }
        }
        catch (FileNotFoundException)
        {
            // A checkpoint was completed since the files were listed.
            foreach (var segment in segments) segment.File.Dispose();
            return null;
        }

        var needless = numbers.Where(number => number < begin).Select(SegmentHeader.NameOf);
        var files = new LogFiles(disk, bytes, segments, [.. needless]);
        if ((ReadCheckpoint(disk) ?? []).AsSpan().SequenceEqual(bytes ?? [])) return files;

        files.Dispose();
        return null;
    }

    private static byte[]? ReadCheckpoint(IDisk disk)
    {
        if (!disk.Files().Contains(Checkpoint.FileName)) return null;

        using var file = disk.Open(Checkpoint.FileName);
        var bytes = new byte[file.Length];
        return bytes[..file.Read(bytes, 0)];
    }
}

/// <summary>One segment, open.</summary>
internal sealed record SegmentFile(long Number, IDiskFile File)
{
    public string Name => SegmentHeader.NameOf(Number);

    /// <summary>Null where the segment has not been begun, or its begin is damaged.</summary>
    public SegmentHeader? ReadHeader()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        return SegmentHeader.Read(bytes[..File.Read(bytes, 0)]);
    }
}
