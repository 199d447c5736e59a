using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>A disk on which somebody does something before each look at it: a server that goes on writing.</summary>
internal sealed class BusyDisk(IDisk disk, Action meanwhile) : IDisk
{
    public string Path => disk.Path;

    public IReadOnlyList<string> Files()
    {
        meanwhile();
        return disk.Files();
    }

    public IDiskFile Create(string name, long lengthBytes) => disk.Create(name, lengthBytes);

    public IDiskFile Open(string name)
    {
        meanwhile();
        return new BusyFile(disk.Open(name), meanwhile);
    }

    public void Delete(string name) => disk.Delete(name);

    public void Replace(string name, ReadOnlySpan<byte> content) => disk.Replace(name, content);

    public void Move(string name, string newName) => disk.Move(name, newName);

    public void Sync(string name) => disk.Sync(name);

    public void SyncDirectory() => disk.SyncDirectory();

    public IDisposable Lock() => disk.Lock();

    private sealed class BusyFile(IDiskFile file, Action meanwhile) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            meanwhile();
            return file.Read(buffer, offset);
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public void Sync() => file.Sync();

        public void Truncate(long lengthBytes) => file.Truncate(lengthBytes);

        public void Dispose() => file.Dispose();
    }
}
