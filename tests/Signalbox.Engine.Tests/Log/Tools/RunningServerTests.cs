using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>The tools while a server writes: a frame, or a checkpoint, between any two looks at the disk.</summary>
public sealed class RunningServerTests : IDisposable
{
    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));
    private Random _dice = new(0);
    private int _checkpointsLeft;

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Nothing_is_called_damaged_that_is_only_new()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var busy = Busy(seed);
            var last = _log.Log.LastPosition;

            var report = LogCheck.Run(busy);

            Assert.Empty(report.Damages);
            Assert.True(report.Last >= last, $"Seed {seed}: {report.Last} of {last}.");
        }
    }

    [Fact]
    public void A_backup_holds_all_that_was_confirmed_before_it_began()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var busy = Busy(seed);
            var last = _log.Log.LastPosition;

            var report = LogBackup.Run(busy, new SimulatedDisk(seed));

            Assert.Empty(report.Damages);
            Assert.True(report.Last >= last, $"Seed {seed}: {report.Last} of {last}.");
        }
    }

    private BusyDisk Busy(int seed)
    {
        _dice = new Random(seed);
        _checkpointsLeft = 3;
        for (var i = 0; i < 10; i++) Append();
        return new BusyDisk(_log.Disk, () =>
        {
            // At any pace: one at which a segment ends just between the looks at it and at the next is among them.
            if (_dice.Next(1 + seed % 10) == 0) Append();
            if (_checkpointsLeft > 0 && _dice.Next(8) == 0) Tell();
        });
    }

    private void Append()
    {
        _log.AppendLong(1, 900);
        Assert.True(_log.Log.Pump());
    }

    private void Tell()
    {
        _checkpointsLeft--;
        var checkpointer = new Checkpointer(_log.Log, () => _ =>
        {
            _log.Append(1, mark: EntryMark.Told | EntryMark.Begins);
            return false;
        });
        checkpointer.Begin();
        while (checkpointer.IsUnderWay)
        {
            checkpointer.Step(isBusy: true);
            _log.Log.Pump();
        }
    }
}
