using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>The log was written by a later version of Signalbox than this one.</summary>
public sealed class LogVersionException(string file, string what) : IOException($"{file} {what}")
{
    internal static LogVersionException OfSegment(string file, int version) => new(
        file, $"has format {version}; this version of Signalbox reads formats 1 to {SegmentHeader.CurrentVersion}.");

    internal static LogVersionException OfEntry(string file, long offset) => new(
        file, $"has an entry at byte {offset} that this version of Signalbox does not know: it was written by a later one.");
}
