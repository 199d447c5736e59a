using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>A log of several segments, and the ways in which a disk can spoil it.</summary>
internal static class WoundedLog
{
    public static readonly string FirstSegment = SegmentHeader.NameOf(1);

    /// <summary>A log without a checkpoint: positions 1 to 12 in several segments, some frames with two.</summary>
    public static SimulatedDisk Fresh()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        Fill(log, 8);
        return log.Disk.Kill();
    }

    /// <summary>A log whose beginning was deleted by a checkpoint, and that went on.</summary>
    public static SimulatedDisk WithCheckpoint()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        Fill(log, 6);
        var told = 0;
        var checkpointer = new Checkpointer(log.Log, () => _ =>
        {
            log.Append(100 + told, mark: EntryMark.Told | EntryMark.Begins);
            return ++told < 3;
        });
        checkpointer.Begin();
        while (checkpointer.IsUnderWay)
        {
            checkpointer.Step(isBusy: true);
            log.AppendLong(50 + told, 300);
            Assert.True(log.Log.Pump());
        }

        Fill(log, 6);
        return log.Disk.Kill();
    }

    public static void Rewrite(this SimulatedDisk disk, string name, byte[] bytes)
    {
        disk.Delete(name);
        using var file = disk.Create(name, bytes.Length);
        file.Write(bytes, 0);
        file.Sync();
        disk.SyncDirectory();
    }

    public static byte[] Content(this SimulatedDisk disk, string name)
    {
        using var file = disk.Open(name);
        var bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return bytes;
    }

    /// <summary>Spoils what is named by the numbers: which file, how, and where.</summary>
    public static void Wound(this SimulatedDisk disk, byte file, byte how, byte where)
    {
        var name = disk.Files()[file % disk.Files().Count];
        var bytes = disk.Content(name);
        var at = bytes.Length * where / 256;
        switch (how % 6)
        {
            case 0:
                disk.Delete(name);
                break;
            case 1:
                disk.Rewrite(name, new byte[bytes.Length]);
                break;
            case 2:
                disk.Rewrite(name, bytes[..at]);
                break;
            case 3:
                bytes.AsSpan(at, Math.Min(100, bytes.Length - at)).Fill(0xa5);
                disk.Rewrite(name, bytes);
                break;
            case 4:
                bytes.AsSpan(at, Math.Min(600, bytes.Length - at)).Clear();
                disk.Rewrite(name, bytes);
                break;
            default:
                if (bytes.Length > 0) disk.Flip(name, at);
                break;
        }
    }

    private static void Fill(LogDriver log, int frames)
    {
        for (var i = 1; i <= frames; i++)
        {
            log.AppendLong(i, 900);
            if (i % 2 == 0) log.Append(i);
            Assert.True(log.Log.Pump());
        }
    }
}
