using System.Runtime.CompilerServices;
using Signalbox.Serving.Watching;

namespace Signalbox.Server.Tests.Watching;

public sealed class SampledStacksTests
{
    private static readonly ManualResetEventSlim LetGo = new();
    private static volatile bool _spins = true;

    [Fact]
    public void They_show_a_thread_that_waits_and_one_that_runs_for_ever()
    {
        var threads = new[] { new Thread(Waits_for_ever), new Thread(Spins_for_ever) { Name = "spinner" } };
        foreach (var thread in threads) thread.Start();
        try
        {
            var text = new SampledStacks().Read();

            Assert.Contains(nameof(Waits_for_ever), text, StringComparison.Ordinal);
            Assert.Contains(nameof(Spins_for_ever), text, StringComparison.Ordinal);
            if (OperatingSystem.IsLinux()) Assert.Contains("'spinner'", text, StringComparison.Ordinal);
        }
        finally
        {
            _spins = false;
            LetGo.Set();
            foreach (var thread in threads) thread.Join();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Waits_for_ever() => LetGo.Wait(TestContext.Current.CancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Spins_for_ever()
    {
        while (_spins)
        {
            // Nothing: that is the point.
        }
    }
}
