using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.TestKit.Disks;

/// <summary>A disk in memory that keeps what it promised and, of the rest, whatever the dice say.</summary>
/// <remarks>
/// Nothing is durable before the sync that makes it so: not a file's length, save the one it was made with, not that the
/// file is there or gone.
/// The same seed and the same calls give the same disk. Safe for many threads, so that a test can interfere.
/// </remarks>
public sealed class SimulatedDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly Random _dice;
    private readonly SimulatedDirectory _directory;
    private bool _isCut;
    private long _untilCut;
    private bool _failsNextWrite;
    private bool _failsNextSync;
    private bool _isLocked;

    public SimulatedDisk(int seed)
        : this(new Random(seed), new SimulatedDirectory())
    {
    }

    private SimulatedDisk(Random dice, SimulatedDirectory directory)
    {
        _dice = dice;
        _directory = directory;
    }

    public string Path => "/simulated";

    /// <summary>While false, nothing can be created, replaced or made longer.</summary>
    public bool HasSpace { get; set; } = true;

    /// <summary>While false, nothing but zeros cannot be written: not every disk has kept space that it reserved.</summary>
    public bool HasSpaceForZeros { get; set; } = true;

    /// <summary>How much there is room for, over all files.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>While true, nothing can be deleted.</summary>
    public bool KeepsFiles { get; set; }

    public long BytesWritten { get; private set; }

    /// <summary>How often files were synced; replacing one counts, syncing the directory does not.</summary>
    public long Syncs { get; private set; }

    /// <summary>Called before a file is synced: a test can let that take its time.</summary>
    public Action? Syncing { get; set; }

    /// <summary>How often somebody asked how long a file is, which marks a real one as looked at.</summary>
    public long LengthsAsked { get; internal set; }

    /// <summary>How many calls have changed anything; a cut can be planned for each of them.</summary>
    public long Changes { get; private set; }

    public bool IsCut
    {
        get
        {
            lock (_gate) return _isCut;
        }
    }

    /// <summary>The next write writes a part of what it should, and throws.</summary>
    public void FailNextWrite() => _failsNextWrite = true;

    /// <summary>The next sync throws, and anything may be lost of what it should have made durable.</summary>
    public void FailNextSync() => _failsNextSync = true;

    /// <summary>Flips a bit where it is durable.</summary>
    public void Flip(string name, long offset)
    {
        lock (_gate) Find(name).Flip(offset, _dice.Next(8));
    }

    /// <summary>From here on every call throws, as if the process were not there any more.</summary>
    public void Cut()
    {
        lock (_gate) _isCut = true;
    }

    /// <summary>Cuts within the change that comes after this many: it happens wholly, partly or not at all.</summary>
    public void CutWithin(long changes)
    {
        lock (_gate) _untilCut = changes + 1;
    }

    /// <summary>The disk as a power cut may leave it now. This one is not touched.</summary>
    public SimulatedDisk Crash(Random dice)
    {
        lock (_gate) return new SimulatedDisk(dice, _directory.AfterPowerCut(dice));
    }

    /// <summary>The disk as the end of the process leaves it now: all that was written is there.</summary>
    public SimulatedDisk Kill()
    {
        lock (_gate) return new SimulatedDisk(_dice, _directory.AfterKill());
    }

    public IReadOnlyList<string> Files() => Reading(() => _directory.Listed);

    public IDiskFile Create(string name, long lengthBytes)
    {
        var content = SimulatedContent.Zeros(lengthBytes);
        ChangingOrNot(() =>
        {
            ThrowIfFull(name, lengthBytes);
            if (_directory.Find(name) is not null) throw new IOException($"There is a file {name} already.");

            _directory.Put(name, content);
        });
        return new SimulatedFile(this, content, isWritable: true);
    }

    public IDiskFile Open(string name) => new SimulatedFile(this, Reading(() => Find(name)), isWritable: false);

    public void Sync(string name) => Sync(Reading(() => Find(name)));

    public void Delete(string name) => ChangingOrNot(() =>
    {
        if (KeepsFiles) throw new IOException($"The file {name} cannot be deleted.");
        if (_directory.Find(name) is not null) _directory.Put(name, null);
    });

    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        ChangingOrNot(() =>
        {
            ThrowIfFull(name, bytes.Length);
            if (TakeSyncFailure()) throw new IOException("The disk failed to sync.");

            _directory.PutDurably(name, SimulatedContent.Durable(bytes));
            BytesWritten += bytes.Length;
            Syncs++;
        });
    }

    public void Move(string name, string newName) => ChangingOrNot(() =>
    {
        var content = Find(name);
        if (_directory.Find(newName) is not null) throw new IOException($"There is a file {newName} already.");

        _directory.PutDurably(newName, content);
        _directory.PutDurably(name, null);
    });

    public void SyncDirectory() => ChangingOrNot(_directory.Sync);

    public IDisposable Lock() => Reading(() =>
    {
        if (_isLocked) throw new DirectoryInUseException(Path, null);

        _isLocked = true;
        return new Holding(this);
    });

    internal T Reading<T>(Func<T> action)
    {
        lock (_gate) return _isCut ? throw new PowerCutException() : action();
    }

    internal void Write(SimulatedContent content, byte[] bytes, long offset)
    {
        Changing(WritePartly, () =>
        {
            var growth = Math.Max(0, offset + bytes.Length - content.Length);
            if (growth > 0) ThrowIfFull("a longer file", growth);
            if (!HasSpaceForZeros && bytes.All(one => one == 0)) throw new DiskFullException("No space is left.", null);
            if (_failsNextWrite)
            {
                _failsNextWrite = false;
                WritePartly();
                throw new IOException("The disk failed to write.");
            }

            content.Write(bytes, offset);
            BytesWritten += bytes.Length;
        });

        void WritePartly() => content.Write(bytes.AsSpan(0, _dice.Next(bytes.Length + 1)), offset);
    }

    internal void Sync(SimulatedContent content)
    {
        Syncing?.Invoke();
        ChangingOrNot(() =>
        {
            if (TakeSyncFailure())
            {
                content.LoseUnsynced(_dice);
                throw new IOException("The disk failed to sync.");
            }

            content.Sync();
            Syncs++;
        });
    }

    internal void Truncate(SimulatedContent content, long lengthBytes) =>
        ChangingOrNot(() => content.Truncate(lengthBytes));

    private void ChangingOrNot(Action whole) => Changing(
        () =>
        {
            if (_dice.Next(2) == 0) whole();
        },
        whole);

    private void Changing(Action interrupted, Action whole)
    {
        lock (_gate)
        {
            if (_isCut) throw new PowerCutException();

            Changes++;
            if (_untilCut > 0 && --_untilCut == 0)
            {
                _isCut = true;
                interrupted();
                throw new PowerCutException();
            }

            whole();
        }
    }

    private bool TakeSyncFailure()
    {
        var fails = _failsNextSync;
        _failsNextSync = false;
        return fails;
    }

    private SimulatedContent Find(string name) =>
        _directory.Find(name) ?? throw new FileNotFoundException($"There is no file {name}.", name);

    private void ThrowIfFull(string name, long neededBytes)
    {
        if (HasSpace && neededBytes <= CapacityBytes - _directory.UsedBytes) return;

        throw new DiskFullException($"No space is left for {name}.", null);
    }

    private sealed class Holding(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk._isLocked = false;
    }
}
