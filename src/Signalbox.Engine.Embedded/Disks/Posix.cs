using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signalbox.Engine.Embedded.Disks;

/// <summary>What the runtime does not offer of a Unix file system.</summary>
internal static class Posix
{
    private const int ReadOnly = 0;
    private const int Interrupted = 4;
    private const int NotSupported = 95;

    /// <summary>Whether <see cref="Reserve"/> can be called: its offsets are 64 bits wide only there.</summary>
    public static bool CanReserve => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Gives an empty file this length, and blocks on the disk for all of it.</summary>
    /// <remarks>
    /// The runtime's own preallocation keeps silent when a quota is exhausted or the file system cannot reserve.
    /// This one says so, and glibc writes zeros where the file system cannot.
    /// </remarks>
    public static void Reserve(SafeFileHandle file, long lengthBytes, string path)
    {
        int error;
        do error = posix_fallocate(file, 0, lengthBytes);
        while (error == Interrupted);

        // musl does not write the zeros: the length is there, and the space is not promised.
        if (error == NotSupported) RandomAccess.SetLength(file, lengthBytes);
        else if (error != 0) throw Failure(error, path);
    }

    /// <summary>Flushes data and length, and no times: that spares a quarter of the wait.</summary>
    public static void SyncData(SafeFileHandle file, string path)
    {
        while (fdatasync(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error) throw Failure(error, path);
        }
    }

    public static void SyncDirectory(string path)
    {
        using var directory = new SafeFileHandle(open(path, ReadOnly), ownsHandle: true);
        if (directory.IsInvalid) throw Failure(Marshal.GetLastPInvokeError(), path);

        while (fsync(directory) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error) throw Failure(error, path);
        }
    }

    private static IOException Failure(int error, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(SafeFileHandle file);

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(SafeFileHandle file);

    // Returns its error, and leaves errno alone.
    [DllImport("libc")]
    private static extern int posix_fallocate(SafeFileHandle file, long offset, long length);
}
