namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>
/// What was on disk once is not there any more, and something proves it: this is no crash's torn end.
/// </summary>
/// <param name="file">The file with the damaged place.</param>
/// <param name="offset">Where in it.</param>
public sealed class LogDamagedException(string file, long offset, string what)
    : IOException($"{file} is damaged at byte {offset}: {what}")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;

    /// <summary>What is wrong with a file that is shorter than it was made, and not because it is complete.</summary>
    /// <param name="last">The last position that could be read.</param>
    internal static string CutOff(SegmentReader segment, long last)
    {
        var why = segment.Header is { } header
            ? $"it was {header.Reserved} bytes long, does not end with a closing frame, and no other segment follows"
            : "it is shorter than the header of a segment";
        return $"the file was cut off: {why}. What was confirmed behind position {last} is lost.";
    }
}
