namespace Signalbox.Engine.Embedded.Disks;

/// <summary>What the operating system's refusals mean to a disk.</summary>
internal static class DiskErrors
{
    // ENOSPC, EDQUOT on macOS and on Linux, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL. No number of one system means
    // anything else on another that files could run into.
    private static readonly int[] NoSpace = [28, 69, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION.
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];

    /// <summary>What to throw in its place; null where it says already what it has to say.</summary>
    public static IOException? Translate(Exception failure, string path) => failure switch
    {
        DiskFullException => null,
        IOException when NoSpace.Contains(failure.HResult) =>
            new DiskFullException($"No space is left on the disk of {path}.", failure),
        UnauthorizedAccessException => new IOException($"There is no permission for {path}.", failure),
        _ => null,
    };

    public static bool SaysLocked(IOException failure) => Locked.Contains(failure.HResult);
}
