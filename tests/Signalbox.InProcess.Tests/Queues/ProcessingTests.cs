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

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
