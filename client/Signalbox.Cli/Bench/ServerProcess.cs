using System.Diagnostics;
using System.Globalization;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Bench;

/// <summary>The process of a server on this machine, found by the port that it listens on. Linux only.</summary>
internal sealed class ServerProcess(int id)
{
    private const string Listening = "0A";
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public int Id => id;

    /// <returns>Null where it is not to be found: another machine or system, or another user's process.</returns>
    public static ServerProcess? Find(string endpoint)
    {
        var (host, port) = Servers.Parse(endpoint);
        if (!OperatingSystem.IsLinux() || !Servers.IsLocal(host)) return null;

        var sockets = SocketTables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => InodeOf(line, port))
            .Where(inode => inode is not null)
            .Select(inode => $"socket:[{inode}]")
            .ToHashSet();
        if (sockets.Count == 0) return null;

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Holds(Path.Combine(folder, "fd"), sockets))
            {
                return new ServerProcess(id);
            }
        }

        return null;
    }

    /// <summary>User and system time since it began; null when it is gone.</summary>
    public (TimeSpan Cpu, long MemoryBytes)? Read()
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return (process.TotalProcessorTime, process.WorkingSet64);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
    private static string? InodeOf(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] != Listening) return null;

        var isPort = int.TryParse(
            fields[1].AsSpan(fields[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var local);
        return isPort && local == port ? fields[9] : null;
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return new DirectoryInfo(folder)
                .EnumerateFileSystemInfos()
                .Any(file => file.LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's process, or one that has just ended.
            return false;
        }
    }
}
