using System.Globalization;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Hooks;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>What a stream says, and how.</summary>
public sealed class SseStreamTests
{
    [Fact]
    public async Task The_first_bytes_say_who_speaks_when_to_come_back_and_where_each_channel_stands()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Sse.Retry = TimeSpan.FromSeconds(7));
        await host.PublishAsync("news", "old");
        using var raw = await RawStream.OpenAsync(host, "/sse?channel=news&channel=chat/%2B");

        var head = await raw.ReadUntilAsync("\r\n\r\n");
        var opening = await raw.ReadUntilAsync("\n\n\r\n");

        Assert.Contains("Content-Type: text/event-stream\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store, no-transform\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Accel-Buffering: no\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Encoding", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(": signalbox, news, chat/+\nretry: 7000\n\nid: news:", opening, StringComparison.Ordinal);
        Assert.Contains(
            """event: subscribed""" + "\n" + """data: {"command":"subscribe","key":["news","chat/+"],"code":0,"message":"ok","channels":{"news":{"offset":1,"epoch":""",
            opening,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_the_object_of_the_other_protocols_under_its_name_and_with_its_position()
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=news");
        var epoch = reader.Opening.Data.At("channels", "news", "epoch");

        await host.PublishAsync("news", "hello");
        var item = await reader.ReadAsync("the message");

        Assert.Equal("message", item.EventType);
        Assert.Equal($"{epoch}-1", item.EventId);
        Assert.StartsWith("""{"command":"message","key":"news","value":"hello","source":"test","offset":1,"time":""", item.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_several_channels_the_id_says_the_position_in_all_of_them()
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=a&channel=b&channel=a");
        var (a, b) = (reader.Opening.Data.At("channels", "a", "epoch"), reader.Opening.Data.At("channels", "b", "epoch"));

        await host.PublishAsync("b", "one");
        var one = await reader.ReadAsync("the first message");
        await host.PublishAsync("a", "two");
        var two = await reader.ReadAsync("the second message");

        Assert.Equal($"a:{a}-0,b:{b}-0", reader.Opening.EventId);
        Assert.Equal($"a:{a}-0,b:{b}-1", one.EventId);
        Assert.Equal($"a:{a}-1,b:{b}-1", two.EventId);
    }

    [Fact]
    public async Task A_filter_brings_its_channels_and_a_plus_alone_on_its_level_needs_no_encoding()
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=sensors/+/temp");

        await host.PublishAsync("sensors/1/wind", "not this");
        await host.PublishAsync("sensors/1/temp", "this");

        Assert.Equal("this", (await reader.ReadAsync("message", "the message")).At("value"));
        Assert.StartsWith("sensors/1/temp:", reader.LastId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_is_named_and_also_brought_by_a_filter_comes_once()
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=news&channel=%23");

        for (var n = 1; n <= 3; n++) await host.PublishAsync("news", $"{n}");

        for (var n = 1; n <= 3; n++) Assert.Equal($"{n}", (await reader.ReadAsync("message", $"message {n}")).At("value"));
    }

    [Fact]
    public async Task Joins_leaves_and_broadcasts_have_their_names_and_leave_the_position_alone()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Rule("#", new ChannelOptions { JoinLeave = true }));
        var reader = await host.OpenAsync("channel=room");
        await reader.ReadAsync("join", "that it joined itself");
        var id = reader.LastId;

        var other = await host.OpenAsync("channel=room", name: "other");
        Assert.Equal("room", (await reader.ReadAsync("join", "that the other joined")).At("key"));
        await host.BroadcastAsync("all");
        Assert.Equal("""{"command":"broadcast","value":"all","source":"test"}""", await reader.ReadAsync("broadcast", "the broadcast"));
        other.Cut();
        Assert.Equal("room", (await reader.ReadAsync("leave", "that the other left")).At("key"));

        Assert.Equal(id, reader.LastId);
    }

    [Fact]
    public async Task A_retained_value_comes_first_and_is_marked()
    {
        await using var host = await SseHost.StartAsync();
        await host.PublishAsync("lamp", "on", retain: true);

        var reader = await host.OpenAsync("channel=lamp");
        var first = await reader.ReadAsync("message", "the retained value");

        Assert.Equal(("on", "true"), (first.At("value"), first.At("retained")));
    }

    [Theory]
    [InlineData("{\n\"a\":\r\n1,\r\"b\":2}", "{ \"a\":  1, \"b\":2}")]
    [InlineData("[1,\n\nevent: end\ndata: 2]", "[1,  event: end data: 2]")]
    public async Task Line_ends_in_a_publishers_json_cannot_end_an_event(string json, string line)
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=news");

        await host.PublishJsonAsync("news", json);

        Assert.Contains(line, await reader.ReadAsync("message", "the message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_stream_gets_a_comment_within_the_interval()
    {
        var clock = new ManualClock();
        await using var host = await SseHost.StartAsync(plan => plan.Clock = clock);
        using var raw = await RawStream.OpenAsync(host, "/sse?channel=news");
        await raw.ReadUntilAsync("\n\n\r\n");

        var comment = raw.ReadUntilAsync("\n\n");
        // While the opening is being written it is the sign of life: another interval, then.
        while (!comment.IsCompleted)
        {
            clock.Pass(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        Assert.EndsWith("\n:\n\n", await comment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_let_in_late_begins_with_its_head_all_the_same()
    {
        var clock = new ManualClock();
        var isLetIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await HookServer.StartAsync(async _ =>
        {
            await isLetIn.Task;
            return (200, """{"allow":true}""");
        });
        await using var host = await SseHost.StartAsync(plan =>
        {
            plan.Clock = clock;
            plan.Hooks.Connect = backend.Url;
            plan.Hooks.Timeout = TimeSpan.FromMinutes(10);
        });
        using var raw = await RawStream.OpenAsync(host, "/sse?channel=news");
        await backend.AskedAsync();

        for (var n = 0; n < 16; n++) clock.Pass(TimeSpan.FromSeconds(15));
        isLetIn.SetResult();

        Assert.StartsWith("HTTP/1.1 200 ", await raw.ReadUntilAsync("event: subscribed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_whose_request_has_a_body_is_a_stream_all_the_same()
    {
        await using var host = await SseHost.StartAsync();
        using var raw = await RawStream.OpenAsync(host, "/sse?channel=news", body: "What is there to say?");

        await raw.ReadUntilAsync("event: subscribed");
        await host.PublishAsync("news", "hello");

        await raw.ReadUntilAsync("\"value\":\"hello\"");
    }

    [Fact]
    public async Task A_key_is_watched_like_a_channel()
    {
        await using var host = await SseHost.StartAsync();

        var reader = await host.OpenAsync("channel=$kv/lamp");

        Assert.Equal("0", reader.Opening.Data.At("channels", "$kv/lamp", "offset").ToString(CultureInfo.InvariantCulture));
    }
}
