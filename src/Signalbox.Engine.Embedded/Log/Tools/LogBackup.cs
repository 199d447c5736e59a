using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Copies a log as it is at one moment, also while a server goes on writing it.</summary>
/// <remarks>
/// <para>The files are held open, so that what a checkpoint deletes meanwhile is still there. First they are read to
/// find where whole frames end; what is in front of that never changes again, and no more is copied.</para>
/// <para>The copy gets its first segment last. Without it no server starts on it, so a copy that was cut short cannot
/// be taken for one that is complete.</para>
/// </remarks>
public static class LogBackup
{
    private const int ChunkBytes = 1024 * 1024;
    private const string PartSuffix = ".part";

    /// <param name="target">An empty directory.</param>
    /// <returns>What the copy is like: a log that is damaged is copied with its damage.</returns>
    /// <exception cref="LogMissingException">There is no log to copy.</exception>
    public static LogReport Run(IDisk source, IDisk target)
    {
        using (var files = LogFiles.Open(source))
        {
            var report = new LogWalk(files, onEntry: null, onDamage: null).Run();
            if (files.CheckpointBytes is { } checkpoint) target.Replace(Checkpoint.FileName, checkpoint);
            for (var i = files.Segments.Count - 1; i >= 0; i--)
            {
                // A segment that has not been begun is only space; but a log of nothing else must be one, too.
                if (report.Segments[i].Used > 0 || i == 0) Copy(files.Segments[i], report.Segments[i].Used, LengthOf(report.Segments[i], report), target);
            }
        }

        return LogCheck.Run(target);
    }

    // The last one of a log that is not closed keeps the length that it was made with, though not the space: a shorter one
    // would be one that was cut off, and if it was, it stays so.
    private static long LengthOf(SegmentReport segment, LogReport report)
    {
        var isLast = segment.File == report.Segments.LastOrDefault(one => one.Used > 0)?.File;
        if (!isLast || report.WasClosed) return segment.Used;
        return report.IsGood ? Math.Max(segment.Reserved, segment.Used) : segment.Bytes;
    }

    private static void Copy(SegmentFile segment, long bytes, long length, IDisk target)
    {
        var part = segment.Name + PartSuffix;
        using (var copy = target.Create(part, bytes))
        {
            var buffer = new byte[Math.Min(bytes, ChunkBytes)];
            for (var at = 0L; at < bytes;)
            {
                var count = segment.File.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - at)), at);
                if (count == 0) throw new IOException($"{segment.Name} is shorter than it was.");

                copy.Write(buffer.AsSpan(0, count), at);
                at += count;
            }

            copy.Truncate(length);
            copy.Sync();
        }

        target.Move(part, segment.Name);
    }
}
