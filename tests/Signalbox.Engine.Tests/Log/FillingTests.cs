using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>What somebody waits for is written where something is written already, so that its flush is short.</summary>
public sealed class FillingTests : IDisposable
{
    private static readonly long Fill = LogDriver.Small.FillBytes;

    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public FillingTests() => _log.AppendAndFlush(1); // It begins a segment.

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Zeros_are_written_ahead_once_for_many_frames_and_again_when_they_are_used_up()
    {
        var frame = Written(() => _log.AppendAndFlush(2));
        Assert.InRange(frame, FrameHeader.Size, 150);
        var fits = Fill / frame - 1;
        for (var i = 1; i < fits; i++) Assert.Equal(frame, Written(() => _log.AppendAndFlush(2 + i)));

        var filled = 0;
        for (var i = 0; i < 2; i++) filled += Written(() => _log.AppendAndFlush(100 + i)) == frame + Fill ? 1 : 0;

        Assert.Equal(1, filled);
        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal(_log.Log.LastPosition, again.End.Last);
    }

    [Fact]
    public void There_are_none_behind_the_end_of_a_segment()
    {
        _log.AppendLong(2, 2000);
        _log.Log.Pump();
        var end = 0L;

        // What is written stays within the segment of 4096 bytes, and then there is no more room for zeros.
        Assert.InRange(Written(() => end = AppendAndFlush(940)) - 940, FrameHeader.Size + 500, Fill);
        Assert.InRange(Written(() => end = AppendAndFlush(300)) - 300, FrameHeader.Size, 150);

        Assert.Equal(1, _log.Log.CurrentSegment);
        Assert.True(_log.Log.IsDurable(end));

        // And the next begins anew.
        Assert.InRange(Written(() => end = AppendAndFlush(900)) - 900, FrameHeader.Size + Fill, 2 * Fill);
        Assert.Equal(2, _log.Log.CurrentSegment);
    }

    [Fact]
    public void There_are_none_behind_what_nobody_waits_for_nor_behind_a_long_frame_nor_at_the_end()
    {
        var interval = Core.Storage.Durability.Interval;
        _log.AppendLong(2, 900, durability: interval);
        Assert.InRange(Written(() => _log.Log.Pump()) - 900, FrameHeader.Size, 150);

        _log.AppendLong(3, 1100);
        Assert.InRange(Written(() => _log.Log.Pump()) - 1100, FrameHeader.Size, 150);

        Assert.InRange(Written(() => _log.Log.Dispose()), FrameHeader.Size, FrameHeader.Size + 8);
    }

    [Fact]
    public void A_disk_that_has_no_space_for_zeros_keeps_the_frame()
    {
        _log.Disk.HasSpaceForZeros = false;
        for (var i = 2; i <= 20; i++) _log.AppendAndFlush(i);

        Assert.Null(_log.Log.Failure);
        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), again.Read.Values);
    }

    private long AppendAndFlush(int bytes)
    {
        var position = _log.AppendLong(9, bytes);
        _log.Log.Pump();
        return position;
    }

    private long Written(Action action)
    {
        var before = _log.Disk.BytesWritten;
        action();
        return _log.Disk.BytesWritten - before;
    }
}
