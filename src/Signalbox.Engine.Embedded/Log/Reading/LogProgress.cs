namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>How far reading the log has come.</summary>
/// <param name="TotalBytes">The files' length, which is a bound: their ends may be reserved and not written.</param>
public readonly record struct LogProgress(long Bytes, long TotalBytes, long Entries);
