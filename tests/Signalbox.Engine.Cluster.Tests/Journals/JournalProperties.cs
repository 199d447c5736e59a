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
        Prop.ForAll<byte[]>(script => new Life(keeps).RunAsync(script))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    /// <summary>The journal of one machine, from activation to activation.</summary>
    /// <param name="keeps">How many of the last facts the machine is made of.</param>
    private sealed class Life(int keeps)
    {
        private readonly TestStorage _storage = new();
        private readonly List<(long Version, Task Written)> _waiting = [];
        private TaskCompletionSource _gate = new();
        private JournalDriver _machine = null!; // Opened before the first step.
        private long _last;
        private long _confirmed;

        public async Task RunAsync(byte[] script)
        {
            await OpenAsync();
            foreach (var step in script)
            {
                switch (step % 8)
                {
                    case 0:
                        _storage.Gate = _gate.Task;
                        break;

                    case 1:
                        await SettleAsync();
                        break;

                    case 2 when step >= 128:
                        await DieAsync(isWritten: step % 3 == 0);
                        break;

                    default:
                        Add(SizeOf(step));
                        break;
                }
            }

            await SettleAsync();
            await OpenAsync();
        }

        private static int SizeOf(byte step) => (step % 5) switch
        {
            0 => 3500,
            1 => step > 250 ? 70_000 : 300,
            _ => step,
        };

        private void Add(int size)
        {
            _machine.Add(++_last, size);
            _waiting.Add((_last, _machine.WhenWrittenAsync()));
        }

        // At a write, or behind it; who waited for that does not know.
        private async Task DieAsync(bool isWritten)
        {
            _storage.Fails = _ => !isWritten;
            Add(size: 10);
            await SettleAsync();
            _storage.Fails = static _ => false;
            await OpenAsync();
            _last = _machine.Last;
        }

        private async Task SettleAsync()
        {
            _gate.SetResult();
            foreach (var (version, written) in _waiting)
            {
                try
                {
                    await written;
                    _confirmed = version;
                }
                catch (LogFailedException)
                {
                    // Nobody was told that it is there.
                }
            }

            _waiting.Clear();
            _gate = new TaskCompletionSource();
            _storage.Gate = Task.CompletedTask;
        }

        private async Task OpenAsync()
        {
            _machine = new JournalDriver(_storage, keeps);
            await _machine.OpenAsync();
            var count = (int)Math.Min(_machine.Last, keeps);
            Assert.InRange(_machine.Last, _confirmed, _last);
            Assert.Equal(Enumerable.Range(0, count).Select(i => _machine.Last - count + 1 + i), _machine.Versions);
        }
    }
}
