namespace Signalbox.Engine;

/// <summary>The log could not be written: what is in memory may be ahead of the disk, so the engine has stopped.</summary>
public sealed class LogFailedException(string message, Exception? inner) : IOException(message, inner);
