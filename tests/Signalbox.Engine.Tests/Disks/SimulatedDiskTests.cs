using System.Text;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Disks;

public sealed class SimulatedDiskTests
{
    private const int Sector = 512;

    private readonly SimulatedDisk _disk = new(seed: 1);

    [Fact]
    public void What_was_synced_is_there_after_every_crash()
    {
        using var file = Durable("segment", 3 * Sector);
        file.Write(Filled(1, 3 * Sector), 0);
        file.Sync();
        file.Write(Filled(2, Sector), Sector);

        var states = Crashes().Select(disk => Content(disk, "segment")).ToArray();

        Assert.All(states, state => Assert.Equal(3 * Sector, state.Length));
        Assert.All(states, state => Assert.Equal((1, 1), (state[0], state[2 * Sector])));
    }

    [Fact]
    public void Each_sector_since_the_last_sync_is_there_or_not_whatever_the_others_are()
    {
        using var file = Durable("segment", 2 * Sector);
        file.Write(Filled(1, Sector), 0);
        file.Write(Filled(2, Sector), Sector);

        var states = Crashes().Select(disk => Content(disk, "segment")).Select(bytes => (bytes[0], bytes[Sector]));

        Assert.Equal(
            [((byte)0, (byte)0), ((byte)0, (byte)2), ((byte)1, (byte)0), ((byte)1, (byte)2)],
            states.Distinct().Order());
    }

    [Fact]
    public void A_sector_that_was_written_twice_may_be_as_it_was_between()
    {
        using var file = Durable("segment", Sector);
        file.Write([1], 0);
        file.Write([2], 1);

        var states = Crashes().Select(disk => Content(disk, "segment")).Select(bytes => (bytes[0], bytes[1]));

        Assert.Equal([((byte)0, (byte)0), ((byte)1, (byte)0), ((byte)1, (byte)2)], states.Distinct().Order());
    }

    [Fact]
    public void A_length_is_there_after_a_sync_and_until_then_perhaps()
    {
        using var file = Durable("segment", 0);
        file.Write(Filled(1, 100), 0);
        var before = Crashes().Select(disk => Content(disk, "segment").Length).Distinct().Order().ToArray();
        file.Sync();
        file.Truncate(10);
        var cut = Crashes().Select(disk => Content(disk, "segment").Length).Distinct().Order().ToArray();

        Assert.Equal([0, 100], before);
        Assert.Equal([10, 100], cut);
    }

    [Fact]
    public void Files_come_and_go_for_good_when_the_directory_is_synced()
    {
        Durable("old", 1).Dispose();
        _disk.Delete("old");
        _disk.Create("new", 1).Dispose();
        var unsynced = Crashes().Select(disk => string.Join(' ', disk.Files())).Distinct().Order().ToArray();
        _disk.SyncDirectory();
        var synced = Crashes().Select(disk => string.Join(' ', disk.Files())).Distinct();

        Assert.Equal(["", "new", "new old", "old"], unsynced);
        Assert.Equal(["new"], synced);
    }

    [Fact]
    public void A_replaced_file_is_durable_at_once_and_in_the_middle_old_or_new()
    {
        _disk.Replace("checkpoint", "old"u8);
        var durable = Crashes().Select(disk => Text(disk, "checkpoint")).Distinct();
        var within = Enumerable.Range(0, 20).Select(seed =>
        {
            var disk = new SimulatedDisk(seed);
            disk.Replace("checkpoint", "old"u8);
            disk.CutWithin(0);
            Assert.Throws<PowerCutException>(() => disk.Replace("checkpoint", "new"u8));
            return Text(disk.Crash(new Random(seed)), "checkpoint");
        });

        Assert.Equal(["old"], durable);
        Assert.Equal(["new", "old"], within.Distinct().Order());
    }

    [Fact]
    public void Whoever_is_killed_leaves_all_it_wrote_and_what_was_unsynced_still_is()
    {
        using var file = Durable("segment", Sector);
        file.Write("written"u8, 0);

        var left = _disk.Kill();

        Assert.StartsWith("written", Text(left, "segment"), StringComparison.Ordinal);
        var states = Enumerable.Range(0, 20).Select(seed => Text(left.Crash(new Random(seed)), "segment")[..7]);
        Assert.Equal(["\0\0\0\0\0\0\0", "written"], states.Distinct().Order());
    }

    [Fact]
    public void A_cut_comes_after_as_many_changes_as_were_planned_and_ends_everything()
    {
        using var file = Durable("segment", Sector);
        _disk.CutWithin(2);

        file.Write([1], 0);
        file.Sync();
        Assert.Throws<PowerCutException>(() => file.Write([2], 0));

        Assert.True(_disk.IsCut);
        Assert.Throws<PowerCutException>(() => _disk.Files());
        Assert.Throws<PowerCutException>(() => file.Read(new byte[1], 0));
        Assert.Contains(Content(_disk.Kill(), "segment")[0], (byte[])[1, 2]);
    }

    [Fact]
    public void Without_space_nothing_new_is_taken_and_what_was_reserved_is_written()
    {
        using var file = Durable("segment", Sector);
        _disk.HasSpace = false;

        file.Write(Filled(1, Sector), 0);
        Assert.Throws<DiskFullException>(() => file.Write([1], Sector));
        Assert.Throws<DiskFullException>(() => _disk.Create("second", 1));
        Assert.Throws<DiskFullException>(() => _disk.Replace("checkpoint", "new"u8));

        _disk.HasSpace = true;
        Assert.Equal(["segment"], _disk.Files());
        Assert.Equal(Sector, file.Length);
        _disk.Replace("checkpoint", "new"u8);
    }

    [Fact]
    public void A_disk_of_a_size_takes_what_fits_and_what_is_deleted_makes_room()
    {
        _disk.CapacityBytes = 100;
        _disk.Create("first", 60).Dispose();

        Assert.Throws<DiskFullException>(() => _disk.Create("second", 60));
        _disk.Delete("first");

        _disk.Create("second", 60).Dispose();
    }

    [Fact]
    public void A_write_that_fails_is_done_in_part_and_the_next_succeeds()
    {
        using var file = Durable("segment", 10);
        _disk.FailNextWrite();

        var failure = Assert.Throws<IOException>(() => file.Write("0123456789"u8, 0));
        Assert.IsNotType<DiskFullException>(failure);
        Assert.StartsWith(Text(_disk, "segment").TrimEnd('\0'), "0123456789", StringComparison.Ordinal);

        file.Write("0123456789"u8, 0);
        Assert.Equal("0123456789", Text(_disk, "segment"));
    }

    [Fact]
    public void After_a_sync_that_failed_nothing_helps_what_was_lost()
    {
        var kept = Enumerable.Range(0, 50).Select(seed =>
        {
            var disk = new SimulatedDisk(seed);
            using var file = disk.Create("segment", Sector);
            disk.SyncDirectory();
            file.Sync();
            file.Write([1], 0);
            disk.FailNextSync();
            Assert.Throws<IOException>(file.Sync);
            file.Sync();
            return Content(disk.Crash(new Random(seed)), "segment")[0];
        });

        Assert.Equal([(byte)0, (byte)1], kept.Distinct().Order());
    }

    [Fact]
    public void A_flipped_bit_is_flipped_for_good()
    {
        Durable("segment", 10).Dispose();

        _disk.Flip("segment", 3);

        var bytes = Content(_disk.Crash(new Random(1)), "segment");
        Assert.True(byte.IsPow2(bytes[3]));
        Assert.Equal(1, bytes.Count(value => value != 0));
    }

    [Fact]
    public void One_holder_has_the_disk_and_nobody_after_a_crash()
    {
        using var holding = _disk.Lock();

        Assert.Throws<DirectoryInUseException>(() => _disk.Lock());
        _disk.Crash(new Random(1)).Lock().Dispose();
    }

    private static byte[] Filled(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private static byte[] Content(SimulatedDisk disk, string name)
    {
        using var file = disk.Open(name);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return bytes;
    }

    private static string Text(SimulatedDisk disk, string name) => Encoding.Latin1.GetString(Content(disk, name));

    private IDiskFile Durable(string name, long lengthBytes)
    {
        var file = _disk.Create(name, lengthBytes);
        file.Sync();
        _disk.SyncDirectory();
        return file;
    }

    private IEnumerable<SimulatedDisk> Crashes() =>
        Enumerable.Range(0, 50).Select(seed => _disk.Crash(new Random(seed)));
}
