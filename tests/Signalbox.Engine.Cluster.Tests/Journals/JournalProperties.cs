using FsCheck;
using FsCheck.Fluent;

namespace Signalbox.Engine.Cluster.Tests.Journals;

/// <summary>
/// Whatever is taken down, in whatever sizes, while storage is slow, fails or the silo dies: all that was confirmed is there
/// again, once and in its order, and what else is there was taken down behind it.
/// </summary>
public sealed class JournalProperties
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(int.MaxValue)]
    public void What_was_confirmed_is_there_again(int keeps) =>
        Prop.ForAll<byte[]>(script => RunAsync(script, keeps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    private static async Task RunAsync(byte[] script, int keeps)
    {
        var storage = new TestStorage();
        var machine = await OpenAsync(storage, keeps);
        var gate = new TaskCompletionSource();
        var last = 0L;
        var confirmed = 0L;
        var waiting = new List<(long Version, Task Written)>();

        foreach (var step in script)
        {
            switch (step % 8)
            {
                case 0:
                    storage.Gate = gate.Task;
                    break;

                case 1:
                    await SettleAsync();
                    break;

                case 2 when step >= 128:
                    // It dies at a write, or after it; who waited for that does not know.
                    storage.Fails = _ => step % 3 != 0;
                    machine.Add(++last, step);
                    waiting.Add((last, machine.WhenWrittenAsync()));
                    await SettleAsync();
                    storage.Fails = static _ => false;
                    machine = await OpenAsync(storage, keeps);
                    Check();
                    last = machine.Last;
                    break;

                default:
                    machine.Add(++last, SizeOf(step));
                    waiting.Add((last, machine.WhenWrittenAsync()));
                    break;
            }
        }

        await SettleAsync();
        machine = await OpenAsync(storage, keeps);
        Check();

        async Task SettleAsync()
        {
            gate.SetResult();
            foreach (var (version, written) in waiting)
            {
                try
                {
                    await written;
                    confirmed = version;
                }
                catch (LogFailedException)
                {
                    // Nobody was told that it is there.
                }
            }

            waiting.Clear();
            gate = new TaskCompletionSource();
            storage.Gate = Task.CompletedTask;
        }

        void Check()
        {
            var there = machine.Versions;
            var count = (int)Math.Min(machine.Last, keeps);
            Assert.InRange(machine.Last, confirmed, last);
            Assert.Equal(Enumerable.Range(0, count).Select(i => machine.Last - count + 1 + i), there);
        }
    }

    private static int SizeOf(byte step) => (step % 5) switch
    {
        0 => 3500,
        1 => step > 250 ? 70_000 : 300,
        _ => step,
    };

    private static async Task<JournalDriver> OpenAsync(TestStorage storage, int keeps)
    {
        var machine = new JournalDriver(storage, keeps);
        await machine.OpenAsync();
        return machine;
    }
}
