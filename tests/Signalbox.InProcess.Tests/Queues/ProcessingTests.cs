using Signalbox.TestKit;

namespace Signalbox.InProcess.Tests.Queues;

public sealed class ProcessingTests
{
    [Fact]
    public async Task Each_item_is_handled_and_acknowledged()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        using var stop = new CancellationTokenSource();
        var handled = new List<string>();
        foreach (var job in (string[])["one", "two", "three"]) await signalbox.PushAsync("jobs", job, cancellationToken: Token);

        await signalbox.ProcessAsync(
            "jobs",
            async (item, _) =>
            {
                handled.Add(item.Text);
                if (handled.Count == 3) await stop.CancelAsync();
            },
            cancellationToken: stop.Token);

        Assert.Equal(["one", "two", "three"], handled);
        Assert.Equal(default, await signalbox.CountAsync("jobs", Token));
    }

    [Fact]
    public async Task An_item_whose_handler_throws_comes_back_later()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        using var stop = new CancellationTokenSource();
        await signalbox.PushAsync("jobs", "bad", cancellationToken: Token);
        await signalbox.PushAsync("jobs", "last", cancellationToken: Token);

        await signalbox.ProcessAsync(
            "jobs",
            async (item, _) =>
            {
                if (item.Text == "bad") throw new InvalidOperationException("It cannot be done.");
                await stop.CancelAsync();
            },
            cancellationToken: stop.Token);

        Assert.Equal(1, (await signalbox.CountAsync("jobs", Token)).Delayed);
        engine.Clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("bad", (await signalbox.PopAsync("jobs", cancellationToken: Token))?.Text);
    }

    [Fact]
    public async Task A_handler_that_gives_up_when_it_is_stopped_puts_its_item_back_at_once()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        using var stop = new CancellationTokenSource();
        await signalbox.PushAsync("jobs", "long", cancellationToken: Token);

        await signalbox.ProcessAsync(
            "jobs",
            async (_, stopping) =>
            {
                await stop.CancelAsync();
                stopping.ThrowIfCancellationRequested();
            },
            cancellationToken: stop.Token);

        Assert.Equal(1, (await signalbox.CountAsync("jobs", Token)).Ready);
    }

    [Fact]
    public async Task The_lease_is_extended_for_as_long_as_the_handler_runs()
    {
        var log = new HeldLog();
        using var engine = await TestEngine.StartAsync(log);
        var signalbox = engine.Connect();
        using var stop = new CancellationTokenSource();
        var (started, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        await signalbox.PushAsync("jobs", "long", cancellationToken: Token);
        var processing = signalbox.ProcessAsync(
            "jobs",
            async (_, _) =>
            {
                started.SetResult();
                await end.Task;
                await stop.CancelAsync();
            },
            new ProcessOptions { Lease = TimeSpan.FromSeconds(30) },
            stop.Token);
        await started.Task.WaitAsync(Token);

        for (var third = 0; third < 9; third++)
        {
            var extended = log.AppendedAsync(log.Entries.Count + 1);
            engine.Clock.Pass(TimeSpan.FromSeconds(10));
            await extended.WaitAsync(Token);
        }

        Assert.Equal(1, (await signalbox.CountAsync("jobs", Token)).Leased);
        end.SetResult();
        await processing;
        Assert.Equal(default, await signalbox.CountAsync("jobs", Token));
    }

    [Fact]
    public async Task A_handler_whose_lease_is_lost_is_cancelled_and_its_item_left_alone()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        using var stop = new CancellationTokenSource();
        var lost = new TaskCompletionSource();
        await signalbox.PushAsync("jobs", "taken away", cancellationToken: Token);
        var processing = signalbox.ProcessAsync(
            "jobs",
            async (item, running) =>
            {
                await signalbox.RejectAsync(item.Queue, item.Receipt, TimeSpan.FromHours(1), Token);
                lost.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await stop.CancelAsync();
            },
            new ProcessOptions { Lease = TimeSpan.FromSeconds(30) },
            stop.Token);
        await lost.Task.WaitAsync(Token);

        engine.Clock.Pass(TimeSpan.FromSeconds(10));
        await processing.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(1, (await signalbox.CountAsync("jobs", Token)).Delayed);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
