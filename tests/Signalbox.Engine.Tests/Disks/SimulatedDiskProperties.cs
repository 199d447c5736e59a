using FsCheck;
using FsCheck.Fluent;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Disks;

/// <summary>A script of bytes drives the disk: each place is what was synced there, or one of what it was since.</summary>
public sealed class SimulatedDiskProperties
{
    private const int Length = 4 * 512;

    [Fact]
    public void The_same_seed_and_the_same_calls_leave_the_same_disk() =>
        Prop.ForAll<byte[]>(script =>
            Run(script, seed: 7).Bytes.AsSpan().SequenceEqual(Run(script, seed: 7).Bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_byte_after_a_crash_is_what_was_synced_or_what_was_written_since() =>
        Prop.ForAll<byte[], int>((script, seed) =>
        {
            var (bytes, possible) = Run(script, seed);
            return Enumerable.Range(0, Length).All(at => possible[at].Contains(bytes[at]));
        }).QuickCheckThrowOnFailure();

    // Each byte of the script is a write of its value at a place, or now and then a sync; then the power goes.
    private static (byte[] Bytes, List<byte>[] Possible) Run(byte[] script, int seed)
    {
        var disk = new SimulatedDisk(seed);
        using var file = disk.Create("file", Length);
        file.Sync();
        disk.SyncDirectory();
        List<byte>[] possible = [.. Enumerable.Range(0, Length).Select(_ => new List<byte> { 0 })];
        foreach (var (step, code) in script.Index())
        {
            if (code % 5 == 0)
            {
                file.Sync();
                foreach (var values in possible) values.RemoveRange(0, values.Count - 1);
                continue;
            }

            var at = code * 7 % Length;
            var bytes = Enumerable.Repeat((byte)(step + 1), Math.Min(code * 5, Length - at)).ToArray();
            file.Write(bytes, at);
            for (var i = at; i < at + bytes.Length; i++) possible[i].Add((byte)(step + 1));
        }

        var left = disk.Crash(new Random(seed));
        var content = new byte[Length];
        using var reading = left.Open("file");
        Assert.Equal(Length, reading.Read(content, 0));
        return (content, possible);
    }
}
