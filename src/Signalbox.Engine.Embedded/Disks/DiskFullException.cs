namespace Signalbox.Engine.Embedded.Disks;

/// <summary>No space is left. It may come back.</summary>
public sealed class DiskFullException(string message, Exception? inner) : IOException(message, inner);
