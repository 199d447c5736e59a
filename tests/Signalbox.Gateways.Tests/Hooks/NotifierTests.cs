using System.Text.Json;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hooks;

/// <summary>What a backend is told of channels.</summary>
public sealed class NotifierTests
{
    private const string Subscribe = """{"command":"subscribe","key":"news","seq":1}""";
    private const string Unsubscribe = """{"command":"unsubscribe","key":"news","seq":2}""";

    [Fact]
    public async Task Each_change_is_told_once_and_in_its_order()
    {
        await using var backend = await HookServer.StartAsync("", 204);
        await using var host = await HttpHost.StartAsync(plan => plan.Hooks.Notify = backend.Url);
        var (one, two) = (await host.ConnectAsync("one"), await host.ConnectAsync("two"));

        await one.AskAsync(Subscribe);
        await two.AskAsync(Subscribe);
        await one.AskAsync(Unsubscribe);
        await two.AskAsync(Unsubscribe);
        await two.AskAsync("""{"command":"subscribe","key":["#","$kv/a"],"seq":3}""");
        await one.AskAsync("""{"command":"subscribe","key":"last","seq":3}""");

        Assert.Equal(
            [
                "channel_occupied news", "member_joined news", "member_joined news", "member_left news",
                "member_left news", "channel_vacated news", "channel_occupied last", "member_joined last",
            ],
            await ToldAsync(backend, 8));
    }

    [Fact]
    public async Task What_the_backend_did_not_take_is_told_again_before_anything_else()
    {
        var failures = 2;
        await using var backend = await HookServer.StartAsync(_ =>
            Task.FromResult((Interlocked.Decrement(ref failures) >= 0 ? 500 : 200, "")));
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Hooks.Notify = backend.Url;
            plan.Hooks.BatchSize = 1;
        });
        var client = await host.ConnectAsync();

        await client.AskAsync(Subscribe);

        var first = await backend.AskedAsync();
        Assert.Equal(first.Body, (await backend.AskedAsync()).Body);
        Assert.Equal(first.Body, (await backend.AskedAsync()).Body);
        Assert.Equal("1", first.Field("batch"));
        Assert.Equal(["member_joined news"], await ToldAsync(backend, 1));
    }

    [Fact]
    public async Task Of_what_waits_too_long_the_oldest_is_given_up()
    {
        var isFree = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await HookServer.StartAsync(async _ =>
        {
            await isFree.Task;
            return (200, "");
        });
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Hooks.Notify = backend.Url;
            plan.Hooks.NotifyChannels = ["+"];
            plan.Hooks.MaxWaiting = 2;
            plan.Hooks.BatchSize = 1;
            plan.Hooks.Timeout = TimeSpan.FromSeconds(50);
        });
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":"first","seq":1}""");
        await backend.AskedAsync();

        await client.AskAsync("""{"command":"subscribe","key":["a","b","not/told","c"],"seq":1}""");
        isFree.SetResult();

        Assert.Equal(["channel_occupied c", "member_joined c"], await ToldAsync(backend, 2));
    }

    [Fact]
    public async Task A_server_that_stops_tells_what_came_of_that()
    {
        await using var backend = await HookServer.StartAsync("", 204);
        var host = await HttpHost.StartAsync(plan => plan.Hooks.Notify = backend.Url);
        var client = await host.ConnectAsync();
        await client.AskAsync(Subscribe);
        Assert.Equal(["channel_occupied news", "member_joined news"], await ToldAsync(backend, 2));

        await client.DisposeAsync();
        await host.DisposeAsync();

        Assert.Equal(["member_left news", "channel_vacated news"], await ToldAsync(backend, 2));
    }

    private static async Task<List<string>> ToldAsync(HookServer backend, int count)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            using var document = JsonDocument.Parse((await backend.AskedAsync()).Body);
            foreach (var one in document.RootElement.GetProperty("events").EnumerateArray())
            {
                told.Add($"{one.GetProperty("event")} {one.GetProperty("channel")}");
            }
        }

        return told;
    }
}
