namespace Signalbox.Engine.Embedded.Disks;

/// <summary>Somebody else has this directory.</summary>
public sealed class DirectoryInUseException(string path, Exception? inner)
    : IOException($"The data directory {path} is in use by another process.", inner);
