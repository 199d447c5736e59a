using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.EndToEnd;

public sealed class HashTests
{
    [Fact]
    public async Task A_key_is_set_read_changed_under_conditions_and_deleted()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();

        var version = await client.SetAsync("k", "one", new SetOptions { IfAbsent = true });
        Assert.Null(await client.SetAsync("k", "two", new SetOptions { IfAbsent = true }));
        Assert.Null(await client.SetAsync("none", "two", new SetOptions { IfPresent = true }));
        Assert.Null(await client.SetAsync("k", "two", new SetOptions { IfVersion = version - 1 }));
        var second = await client.SetAsync("k", "two", new SetOptions { IfVersion = version });
        var entry = await client.GetAsync("k");

        Assert.Equal(("two", second), (entry!.Text, entry.Version));
        Assert.False(await client.DeleteAsync("k", ifVersion: version));
        Assert.True(await client.DeleteAsync("k", ifVersion: second));
        Assert.False(await client.DeleteAsync("k"));
        Assert.Null(await client.GetAsync("k"));
    }

    [Fact]
    public async Task A_key_may_have_an_end()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        var end = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

        await client.SetAsync("k", "v", new SetOptions { ExpiresAt = end });
        await client.SetAsync("past", "v", new SetOptions { ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1) });

        Assert.Equal(end, (await client.GetAsync("k"))!.ExpiresAt);
        Assert.Null(await client.GetAsync("past"));
    }

    [Fact]
    public async Task Numbers_add_up_once_for_each_id()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();

        Assert.Equal(1, await client.IncrementAsync("n"));
        Assert.Equal(-4, await client.IncrementAsync("n", -5, new IncrementOptions { Id = "x" }));
        Assert.Equal(-4, await client.IncrementAsync("n", -5, new IncrementOptions { Id = "x" }));

        await client.SetAsync("text", "no number");
        var error = await Assert.ThrowsAsync<SignalboxException>(() => client.IncrementAsync("text"));
        Assert.Equal(ErrorCode.Conflict, error.Code);
    }

    [Fact]
    public async Task Keys_are_counted_listed_over_all_pages_and_deleted()
    {
        const int count = 2500;
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => client.SetAsync($"a{i}", "v")));
        await client.SetAsync("b", "v");

        var keys = new HashSet<string>();
        await foreach (var key in client.KeysAsync("a")) Assert.True(keys.Add(key));

        Assert.Equal(count, keys.Count);
        Assert.Equal(count + 1, await client.CountKeysAsync());
        await client.DeleteAllKeysAsync();
        Assert.Equal(0, await client.CountKeysAsync());
    }

    [Fact]
    public async Task A_watch_tells_what_is_now_and_each_change()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await using var watch = await client.WatchAsync("k");
        await using var changes = new Reading<KeyChange>(watch);

        Assert.Null((await changes.NextAsync()).Value);
        var version = await client.SetAsync("k", "one");
        var set = await changes.NextAsync();
        Assert.Equal(("one", version), (set.Value?.Text, set.Version));

        await using var later = await client.WatchAsync("k");
        await using var laterChanges = new Reading<KeyChange>(later);
        Assert.Equal("one", (await laterChanges.NextAsync()).Value?.Text);

        await client.DeleteAsync("k");
        await client.SetAsync("k", "two");
        foreach (var reading in new[] { changes, laterChanges })
        {
            Assert.Null((await reading.NextAsync()).Value);
            Assert.Equal("two", (await reading.NextAsync()).Value?.Text);
        }
    }

    [Fact]
    public async Task A_watch_that_was_cut_off_tells_what_is_now()
    {
        await using var server = await RealServer.StartAsync();
        await using var cable = new Cable(server.Port);
        await using var writer = server.Connect();
        await using var client = server.Connect(options => options.Endpoints.Add(cable.Endpoint));
        await writer.SetAsync("k", "one");
        await using var watch = await client.WatchAsync("k");
        await using var changes = new Reading<KeyChange>(watch);
        Assert.Equal("one", (await changes.NextAsync()).Value?.Text);

        for (var i = 0; i < 5; i++)
        {
            cable.Cut();
            await writer.SetAsync("k", $"{i}");
            Assert.Equal($"{i}", (await changes.NextAsync()).Value?.Text);
            cable.Cut();
            await writer.DeleteAsync("k");
            Assert.Null((await changes.NextAsync()).Value);
        }
    }
}
