using Microsoft.Win32.SafeHandles;
using FilePath = System.IO.Path;

namespace Signalbox.Engine.Embedded.Disks;

/// <summary>A directory of the operating system.</summary>
/// <remarks>
/// Two kinds of file in it are nobody's: <c>lock</c>, which the holder has open, and <c>*.new</c>, which a
/// replacement leaves where the process died before it was complete.
/// </remarks>
public sealed class RealDisk : IDisk
{
    private const string LockName = "lock";
    private const string NewSuffix = ".new";

    // What the runtime throws where it could not reserve space: it carries no code of the system.
    private const int UnspecifiedError = unchecked((int)0x80131620);

    /// <summary>Takes the directory of this path, and makes it where there is none.</summary>
    public RealDisk(string path)
    {
        Path = FilePath.GetFullPath(path);
        Doing(Path, () => Make(Path));
    }

    public string Path { get; }

    public IReadOnlyList<string> Files() => Doing(Path, () =>
    {
        var names = Directory.EnumerateFiles(Path).Select(file => FilePath.GetFileName(file));
        return names.Where(IsSomebodys).Order(StringComparer.Ordinal).ToArray();
    });

    public IDiskFile Create(string name, long lengthBytes)
    {
        var path = PathOf(name);
        return Doing(path, () =>
        {
            var file = CreateNew(path, lengthBytes);
            try
            {
                // A file that is there is as long as it was made, whatever happens.
                file.Sync();
                File.Move(path + NewSuffix, path);
                return file;
            }
            catch (IOException)
            {
                file.Dispose();
                File.Delete(path + NewSuffix);
                throw;
            }
        });
    }

    public IDiskFile Open(string name)
    {
        var path = PathOf(name);
        return Doing(path, () => new RealFile(
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path));
    }

    public void Sync(string name)
    {
        var path = PathOf(name);
        Doing(path, () =>
        {
            // Windows flushes nothing through a handle that may not write.
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            using var file = new RealFile(handle, path);
            file.Sync();
        });
    }

    public void Delete(string name) => Doing(PathOf(name), () => File.Delete(PathOf(name)));

    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        var path = PathOf(name);
        Doing(path, () =>
        {
            try
            {
                using var file = CreateNew(path, bytes.Length);
                file.Write(bytes, 0);
                file.Sync();
            }
            catch (IOException)
            {
                File.Delete(path + NewSuffix);
                throw;
            }

            File.Move(path + NewSuffix, path, overwrite: true);
            SyncDirectory();
        });
    }

    public void Move(string name, string newName)
    {
        var path = PathOf(newName);
        Doing(path, () =>
        {
            var folder = FilePath.GetDirectoryName(path)!; // The file's own, or this one's.
            Make(folder);
            File.Move(PathOf(name), path);
            SyncDirectory(folder);
            if (folder != Path) SyncDirectory(Path);
        });
    }

    public void SyncDirectory() => Doing(Path, () => SyncDirectory(Path));

    public IDisposable Lock()
    {
        var path = PathOf(LockName);
        try
        {
            // The kernel lets go of it when the process ends, however it ends.
            return Doing(path, () =>
                File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (DiskErrors.SaysLocked(failure))
        {
            throw new DirectoryInUseException(Path, failure);
        }
    }

    private static bool IsSomebodys(string name) =>
        name != LockName && !name.EndsWith(NewSuffix, StringComparison.Ordinal);

    // Under another name, until it is whole. What an earlier process has left of that name means nothing.
    private static RealFile CreateNew(string path, long lengthBytes)
    {
        var part = path + NewSuffix;
        File.Delete(part);
        var handle = OpenNew(part, Posix.CanReserve ? 0 : lengthBytes);
        try
        {
            if (Posix.CanReserve && lengthBytes > 0) Posix.Reserve(handle, lengthBytes, path);
            else RandomAccess.SetLength(handle, lengthBytes);
        }
        catch (IOException)
        {
            handle.Dispose();
            File.Delete(part);
            throw;
        }

        return new RealFile(handle, path);
    }

    private static SafeFileHandle OpenNew(string path, long reservedBytes)
    {
        try
        {
            return File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, reservedBytes);
        }
        catch (IOException failure) when (reservedBytes > 0 && failure.HResult == UnspecifiedError)
        {
            throw new DiskFullException($"No space is left on the disk of {path}.", failure);
        }
    }

    // Whoever loses power right after a first start would otherwise lose the directory with all that is durable in it.
    private static void Make(string path)
    {
        if (Directory.Exists(path)) return;

        var parent = FilePath.GetDirectoryName(path);
        if (parent is not null) Make(parent);
        Directory.CreateDirectory(path);
        if (parent is not null) SyncDirectory(parent);
    }

    // Windows has no way to ask for it, and NTFS keeps its directories in order by itself.
    private static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsWindows()) Posix.SyncDirectory(path);
    }

    private static void Doing(string path, Action action) =>
        Doing(path, () =>
        {
            action();
            return 0;
        });

    private static T Doing<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (DiskErrors.Translate(failure, path) is { } known)
        {
            throw known;
        }
    }

    private string PathOf(string name) => FilePath.Combine(Path, name);
}
