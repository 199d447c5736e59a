using System.Diagnostics;
using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Asks a little of everything, again and again, until it is answered.</summary>
internal sealed class Probe(SignalboxClient client)
{
    private const int Names = 16;

    /// <summary>Has each name's grains made, so that some are where trouble comes.</summary>
    public Task BeginAsync() => UntilAllAnswerAsync("begin");

    /// <returns>How long it took until keys, queues and channels had each answered.</returns>
    public async Task<TimeSpan> UntilAllAnswerAsync(string phase)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Names).Select(i => UntilAnsweredAsync($"probe/{i}", phase)));
        var taken = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{phase}: everything answered after {taken.TotalSeconds:F2} s");
        return taken;
    }

    private async Task UntilAnsweredAsync(string name, string phase)
    {
        await UntilDoneAsync(async () =>
        {
            await client.SetAsync(name, phase);
            Assert.Equal(phase, (await client.GetAsync(name))?.Text);
        });
        await UntilDoneAsync(async () =>
        {
            await client.PushAsync(name, phase);
            Assert.NotNull(await client.PopAsync(name));
        });
        await UntilDoneAsync(async () =>
        {
            var published = await client.PublishAsync($"log/{name}", phase);
            var history = await client.HistoryAsync($"log/{name}");
            Assert.True(history.Position.Offset >= published.Offset);
        });
    }

    private static async Task UntilDoneAsync(Func<Task> ask)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await ask();
                return;
            }
            catch (Exception e) when (IsOutage(e) && Stopwatch.GetElapsedTime(start) < Child.Patience)
            {
                await pace.WaitForNextTickAsync();
            }
        }
    }

    private static bool IsOutage(Exception e) =>
        e is SignalboxException or SignalboxConnectionLostException or SignalboxTimeoutException;
}
