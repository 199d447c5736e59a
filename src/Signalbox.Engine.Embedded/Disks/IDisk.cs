namespace Signalbox.Engine.Embedded.Disks;

/// <summary>One directory of files, as far as the log needs it.</summary>
/// <remarks>
/// What fails throws an <see cref="IOException"/>; where it failed because no space was left, a
/// <see cref="DiskFullException"/>, and then nothing was changed. Each member is called by one thread at a time.
/// </remarks>
public interface IDisk
{
    /// <summary>What users know the directory by.</summary>
    string Path { get; }

    /// <summary>The names of the files, in ordinal order.</summary>
    IReadOnlyList<string> Files();

    /// <summary>
    /// Makes a file of this many zero bytes, and reserves the space for them: writing within them finds the disk not
    /// full. The file is there for good after <see cref="SyncDirectory"/>, and whenever it is there it has its length.
    /// </summary>
    IDiskFile Create(string name, long lengthBytes);

    /// <summary>Opens a file for reading, while somebody else may go on writing it.</summary>
    IDiskFile Open(string name);

    /// <summary>All that is in the file is durable when it returns, whoever wrote it.</summary>
    void Sync(string name);

    void Delete(string name);

    /// <summary>Puts this content in the place of the file's, wholly or not at all; durable when it returns.</summary>
    void Replace(string name, ReadOnlySpan<byte> content);

    /// <summary>
    /// Gives a file another name, wholly or not at all; durable when it returns. The name may be in a folder of the
    /// directory, <c>folder/name</c>: what is in a folder is not listed.
    /// </summary>
    void Move(string name, string newName);

    /// <summary>Which files there are is durable when it returns.</summary>
    void SyncDirectory();

    /// <summary>Keeps every other process, and every other holder in this one, out of the directory.</summary>
    /// <exception cref="DirectoryInUseException">Somebody else has it.</exception>
    IDisposable Lock();
}
