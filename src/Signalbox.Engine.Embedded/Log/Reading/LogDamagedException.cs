namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>
/// What was on disk once is not there any more, and something that was written later is: this is no crash's torn end.
/// </summary>
/// <param name="file">The file with the damaged place.</param>
/// <param name="offset">Where in it.</param>
public sealed class LogDamagedException(string file, long offset, string what)
    : IOException($"{file} is damaged at byte {offset}: {what}")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;
}
