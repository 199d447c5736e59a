using Signalbox.Core.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>A log on a simulated disk whose entries are numbered texts, opened again as often as a test wants.</summary>
internal sealed class LogDriver : IDisposable
{
    public static readonly LogOptions Small = new() { SegmentBytes = 4096, CheckpointBytes = 8192, WriteBytes = 1024, FillBytes = 1024 };

    private readonly List<long> _told = [];

    public LogDriver(SimulatedDisk disk, LogOptions? options = null)
    {
        Disk = disk;
        Log = new DiskLog(disk, Clock, options ?? Small);
        End = Log.Read(Keep, onProgress: null);
    }

    public SimulatedDisk Disk { get; }

    public ManualClock Clock { get; } = new();

    public DiskLog Log { get; }

    public LogEnd End { get; }

    /// <summary>What was read when it was opened: the number in each entry, by position.</summary>
    public SortedDictionary<long, long> Read { get; } = [];

    /// <summary>The positions among them that were read while a checkpoint was being told.</summary>
    public IReadOnlyList<long> ReadWhileTold => _told;

    public long Append(long number, Core.Storage.Durability durability = Core.Storage.Durability.Always, EntryMark mark = EntryMark.None) =>
        Log.Append(new LogEntry(MachineKind.HashKey, "lamp", Fact(number), mark, durability));

    /// <summary>Appends an entry of about this many bytes.</summary>
    public long AppendLong(
        long number,
        int bytes,
        EntryMark mark = EntryMark.None,
        Core.Storage.Durability durability = Core.Storage.Durability.Always) =>
        Log.Append(new LogEntry(
            MachineKind.HashKey, "lamp", Fact(number, new string('x', bytes)), mark, durability));

    /// <summary>Appends an entry of about this many bytes for which nobody waits, and writes it without a flush.</summary>
    public void WriteAhead(long number, int bytes)
    {
        AppendLong(number, bytes, durability: Core.Storage.Durability.Interval);
        Assert.True(Log.WriteAhead());
    }

    public void AppendAndFlush(params long[] numbers)
    {
        foreach (var number in numbers) Append(number);
        Assert.True(Log.Pump());
    }

    /// <summary>Opens what a power cut leaves.</summary>
    public LogDriver AfterPowerCut(int seed) => new(Disk.Crash(new Random(seed)));

    public LogDriver AfterKill() => new(Disk.Kill());

    public LogDriver AfterClosing()
    {
        Log.Dispose();
        return new LogDriver(Disk.Kill());
    }

    public void Dispose() => Log.Dispose();

    private static KeySet Fact(long number, string text = "on") =>
        new(Requests.Text(text), number, ExpiresAt: null, Id: null, default);

    private void Keep(long position, in LogEntry entry, bool isBeingTold)
    {
        Read.Add(position, ((KeySet)entry.Fact).Version);
        if (isBeingTold) _told.Add(position);
    }
}
