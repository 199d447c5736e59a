namespace Signalbox.InProcess.Tests;

public sealed class KeyWatchTests
{
    [Fact]
    public async Task A_watch_tells_what_the_key_holds_and_then_each_change()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        await using var watch = await signalbox.WatchAsync("theme", Token);
        await signalbox.SetAsync("theme", "dark", cancellationToken: Token);
        await signalbox.DeleteAsync("theme", cancellationToken: Token);

        var changes = await watch.Take(3).ToListAsync(Token);

        Assert.Equal([null, "dark", null], changes.Select(change => change.Value?.Text));
    }

    [Fact]
    public async Task A_watch_of_a_key_that_is_there_begins_with_its_value()
    {
        using var engine = await TestEngine.StartAsync();
        var signalbox = engine.Connect();
        var version = await signalbox.SetAsync("theme", "dark", cancellationToken: Token);

        await using var watch = await signalbox.WatchAsync("theme", Token);

        Assert.Equal(new KeyChange("theme", "dark", version ?? 0), await watch.FirstAsync(Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
