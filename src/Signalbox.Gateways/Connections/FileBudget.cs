namespace Signalbox.Gateways.Connections;

/// <summary>
/// How many of the files that the process may have open are for connections: a process that has none left cannot even
/// begin a thread, and ends.
/// <code>
///  0          in use                              limit
///  +----------+------------------------+----------+
///  | at start | connections            | kept     |  kept: for what is opened later, threads, refusals, others
///  +----------+------------------------+----------+
/// </code>
/// </summary>
/// <param name="Limit">Files that the process may have open; null where nobody knows.</param>
/// <param name="Kept">Of those, how many no connection gets.</param>
/// <param name="Most">Connections at one time.</param>
/// <param name="Refusals">Connections beside those that are told at one time that there are too many.</param>
public sealed record FileBudget(int? Limit, int Kept, int Most, int Refusals)
{
    // Segments of the log, checkpoints, parts of the runtime that are read when they are first needed, two files each.
    private const int OpenedLater = 96;

    // The runtime opens a pipe for each.
    private const int FilesOfThread = 2;

    // Those of its thread, what it waits with, and what wakes it; there is one a processor, and a spare one.
    private const int FilesOfLoop = FilesOfThread + 2;

    /// <param name="inUse">Files that are open already.</param>
    /// <param name="others">Files for connections to others: a backend, other silos.</param>
    /// <param name="wanted">Connections that the settings allow; 0 for as many as there can be.</param>
    /// <exception cref="IOException">No files are left for connections.</exception>
    public static FileBudget Of(int? limit, int inUse, int others, int wanted)
    {
        var refusals = Math.Clamp((limit ?? int.MaxValue) / 32, 16, 256);
        if (limit is not { } files) return new FileBudget(null, 0, wanted > 0 ? wanted : int.MaxValue, refusals);

        var loops = FilesOfLoop * (Environment.ProcessorCount + 1);
        var kept = inUse + OpenedLater + loops + (FilesOfThread * ThreadsOf(files)) + refusals + others;
        var most = files - kept;
        if (most < 1)
        {
            throw new IOException(
                $"This process may have {files} files open, and needs {kept} beside those of connections: raise the limit "
                + "(ulimit -n, LimitNOFILE, ulimits).");
        }

        return new FileBudget(files, kept, wanted > 0 ? Math.Min(wanted, most) : most, refusals);
    }

    /// <summary>How many threads the pool may have where there are so many files.</summary>
    public static int ThreadsOf(int files) => Math.Max(Math.Clamp(files / 32, 16, 256), 2 * Environment.ProcessorCount);
}
