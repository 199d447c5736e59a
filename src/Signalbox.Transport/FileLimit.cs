using System.Runtime.InteropServices;

namespace Signalbox.Transport;

/// <summary>How many files this process may have open, sockets among them; on Linux.</summary>
public static partial class FileLimit
{
    private const int OpenFiles = 7;
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Raises the limit as far as the process may by itself: to the hard one.</summary>
    /// <returns>The limit from now on; null where none is known.</returns>
    public static int? Raise()
    {
        if (!PollTransport.IsSupported || getrlimit(OpenFiles, out var limit) != 0) return null;

        var raised = limit with { Soft = limit.Hard };
        if (raised != limit && setrlimit(OpenFiles, in raised) == 0) limit = raised;
        return (int)Math.Min(limit.Soft, int.MaxValue);
    }

    /// <summary>How many are open now.</summary>
    /// <returns>0 where nobody says.</returns>
    public static int InUse() => Directory.Exists(Descriptors) ? Directory.EnumerateFileSystemEntries(Descriptors).Count() : 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limits limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in Limits limits);

    /// <param name="Soft">What counts.</param>
    /// <param name="Hard">What the soft one may be raised to.</param>
    private readonly record struct Limits(nuint Soft, nuint Hard);
}
