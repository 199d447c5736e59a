using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.Engine.Tests.Log.Tools;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>A torn end is passed over; a damaged middle stops the start.</summary>
public sealed class TornAndDamagedTests
{
    private const string FirstSegment = "log-0000000001";
    private const int Alignment = 8;

    [Fact]
    public void Whatever_a_power_cut_leaves_of_the_last_write_all_that_was_flushed_is_read()
    {
        var ends = new HashSet<(long Last, bool IsTorn)>();
        for (var seed = 0; seed < 200; seed++)
        {
            using var log = new LogDriver(new SimulatedDisk(seed));
            log.AppendAndFlush(1, 2);
            for (var i = 3; i <= 5; i++) log.AppendLong(i, 600);
            // The next segment is reserved, written to its directory; then comes the write, then the sync.
            log.Disk.CutWithin(2 + new Random(seed).Next(2));
            Assert.ThrowsAny<Exception>(() => log.Log.Pump() ? 0 : throw new IOException());

            // Dice of its own, or the place of the cut would go with what it leaves.
            using var again = log.AfterPowerCut(seed + 1000);

            Assert.True(again.End.Last is 2 or 5, $"Seed {seed}: positions up to {again.End.Last}.");
            Assert.Equal(Enumerable.Range(1, (int)again.End.Last).Select(i => (long)i), again.Read.Values);
            ends.Add((again.End.Last, again.End.Torn is not null));
        }

        Assert.Contains((2, true), ends);
        Assert.Contains((5, false), ends);
    }

    [Fact]
    public void A_log_goes_on_behind_a_torn_end_and_is_read_whole_ever_after()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            using var log = new LogDriver(new SimulatedDisk(seed));
            log.AppendAndFlush(1);
            log.AppendLong(2, 3000);
            log.Disk.CutWithin(2);
            Assert.ThrowsAny<Exception>(() => log.Log.Pump() ? 0 : throw new IOException());
            using var torn = log.AfterPowerCut(seed + 1000);
            var last = torn.End.Last;
            torn.AppendAndFlush(last + 1);
            torn.AppendAndFlush(last + 2);

            using var again = torn.AfterPowerCut(seed + 1);

            Assert.Equal(Enumerable.Range(1, (int)last + 2).Select(i => (long)i), again.Read.Values);
            Assert.Null(again.End.Torn);
        }
    }

    [Fact]
    public void A_log_goes_on_behind_a_segment_whose_begin_was_cut_short()
    {
        var torn = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            using var log = new LogDriver(new SimulatedDisk(seed));
            log.AppendLong(1, 2000);
            // The segment's header, the frame, the sync.
            log.Disk.CutWithin(seed % 3);
            Assert.ThrowsAny<Exception>(() => log.Log.Pump() ? 0 : throw new IOException());
            using var cut = log.AfterPowerCut(seed);
            if (cut.End.Torn is { Offset: 0 }) torn++;
            var last = cut.End.Last;
            cut.AppendAndFlush(last + 1);
            cut.AppendAndFlush(last + 2);

            using var again = cut.AfterPowerCut(seed + 1);

            Assert.Equal(Enumerable.Range(1, (int)last + 2).Select(i => (long)i), again.Read.Values);
            Assert.Null(again.End.Torn);
        }

        Assert.NotEqual(0, torn);
    }

    [Fact]
    public void A_segment_full_of_zeros_before_others_stops_the_start()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        for (var i = 1; i <= 12; i++)
        {
            log.AppendLong(i, 1000);
            log.Log.Pump();
        }

        foreach (var number in new[] { 1, 2 })
        {
            var disk = log.Disk.Kill();
            disk.Delete(SegmentHeader.NameOf(number));
            disk.Create(SegmentHeader.NameOf(number), 4096).Dispose();

            Assert.Throws<LogDamagedException>(() => new LogDriver(disk));
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_before_a_later_frame_stops_the_start_and_is_named()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        log.AppendAndFlush(1);
        log.AppendAndFlush(2);
        var end = FrameEnds(log.Disk.Kill())[1];
        log.AppendAndFlush(3);

        for (var offset = 0L; offset < end; offset++)
        {
            // The words that fill a frame up are covered by nothing, and hold nothing.
            var disk = log.Disk.Kill();
            disk.Flip(FirstSegment, offset);
            if (IsFilling(disk, offset)) continue;

            var damage = Assert.Throws<LogDamagedException>(() => new LogDriver(disk));
            Assert.Equal(FirstSegment, damage.File);
            Assert.True(damage.Offset <= offset, $"Byte {offset} was flipped, and {damage.Offset} is named.");
        }
    }

    [Fact]
    public void A_missing_segment_stops_the_start_and_is_named()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        for (var i = 1; i <= 12; i++)
        {
            log.AppendLong(i, 1000);
            log.Log.Pump();
        }

        foreach (var number in new[] { 1, 2, 3 })
        {
            var disk = log.Disk.Kill();
            disk.Delete(SegmentHeader.NameOf(number));

            var damage = Assert.Throws<LogDamagedException>(() => new LogDriver(disk));

            Assert.Equal(SegmentHeader.NameOf(number == 1 ? 1 : number + 1), damage.File);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_that_was_cut_shorter_stops_the_start(bool isClosed)
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        for (var i = 1; i <= 12; i++)
        {
            log.AppendLong(i, 1000);
            log.Log.Pump();
        }

        if (isClosed) log.Log.Dispose();
        var whole = log.Disk.Kill();
        foreach (var segment in whole.Files())
        {
            foreach (var length in PlacesToCut(whole, segment))
            {
                var disk = whole.Kill();
                disk.Rewrite(segment, whole.Content(segment)[..length]);

                var failure = Record.Exception(() => new LogDriver(disk));
                Assert.True(failure is LogDamagedException, $"{segment} was cut to {length} bytes, and the log is read.");
                Assert.Contains("lost", failure.Message, StringComparison.Ordinal);
                var report = LogCheck.Run(disk);
                Assert.False(report.IsGood, $"{segment} was cut to {length} bytes, and the check says that it is good.");
            }
        }
    }

    [Fact]
    public void A_segment_of_the_first_format_may_be_as_short_as_it_likes()
    {
        var disk = new SimulatedDisk(seed: 1);
        foreach (var (name, bytes) in GoldenLog.Files(format: 1)) disk.Rewrite(name, bytes);
        Assert.True(LogCheck.Run(disk).IsGood);
    }

    [Fact]
    public void A_log_that_could_not_be_closed_in_order_keeps_the_length_of_its_file_and_is_read()
    {
        var log = new LogDriver(new SimulatedDisk(seed: 1));
        log.AppendAndFlush(1);
        log.Append(2);
        log.Disk.FailNextWrite();
        log.Log.Dispose();

        using var again = log.AfterKill();

        Assert.Equal([1L], again.Read.Values);
    }

    [Fact]
    public void A_later_format_is_refused_by_name()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1));
        log.AppendAndFlush(1);
        var disk = new SimulatedDisk(seed: 1);
        using (var file = disk.Create(FirstSegment, 4096))
        {
            var header = new byte[SegmentHeader.Size];
            new SegmentHeader(Version: 3, Number: 1, First: 1, Reserved: 4096).Write(header);
            file.Write(header, 0);
            file.Sync();
        }

        var refusal = Assert.Throws<LogVersionException>(() => new LogDriver(disk));

        Assert.Contains("format 3", refusal.Message, StringComparison.Ordinal);
    }

    // Within the header, at both ends of it, and at each frame's, within each, and just before the end of the file.
    private static IEnumerable<int> PlacesToCut(SimulatedDisk disk, string segment)
    {
        var length = disk.Content(segment).Length;
        var ends = FrameEnds(disk, segment).Select(end => (int)end).ToList();
        // What is only reserved holds nothing, and may be missing where something proves that the file is complete.
        if (ends.Count == 0) return [];

        var places = new List<int> { 0, 1, SegmentHeader.Size - 1, SegmentHeader.Size };
        // The last seven bytes of a frame may be there to fill it up, and hold nothing.
        foreach (var end in ends) places.AddRange([end - 500, end - Alignment, end]);
        if (ends[^1] < length) places.Add(length - 1);
        return places.Where(place => place < length).Distinct();
    }

    private static List<long> FrameEnds(SimulatedDisk disk, string segment = FirstSegment)
    {
        var ends = new List<long>();
        using var reader = new SegmentReader(disk, segment);
        while (reader.TryRead(out _, out _)) ends.Add(reader.Offset);
        return ends;
    }

    private static bool IsFilling(SimulatedDisk disk, long offset)
    {
        using var reader = new SegmentReader(disk, FirstSegment);
        while (true)
        {
            var start = reader.Offset;
            if (!reader.TryRead(out var frame, out _)) return false;
            if (offset < start + frame.FrameBytes) return offset >= start + FrameHeader.Size + frame.BodyBytes;
        }
    }
}
