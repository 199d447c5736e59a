using Signalbox.Core.Channels;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>Who comes back with the last id gets what it missed, or is told that it cannot.</summary>
public sealed class SseResumeTests
{
    [Fact]
    public async Task A_stream_of_one_channel_goes_on_where_it_broke_off()
    {
        await using var host = await SseHost.StartAsync();
        var first = await host.OpenAsync("channel=news");
        await host.PublishAsync("news", "1");
        await first.ReadAsync("message", "the message");
        first.Cut();
        await host.PublishAsync("news", "2");
        await host.PublishAsync("news", "3");

        var second = await host.OpenAsync("channel=news", first.LastId);
        await host.PublishAsync("news", "4");

        Assert.Equal("recovered", second.Opening.EventType);
        Assert.Equal("true", second.Opening.Data.At("channels", "news", "recovered"));
        Assert.Equal(first.LastId, second.Opening.EventId);
        Assert.Equal(["2", "3", "4"], await ValuesAsync(second, 3));
    }

    [Fact]
    public async Task A_stream_that_was_cut_before_its_first_message_misses_none()
    {
        await using var host = await SseHost.StartAsync();
        await host.PublishAsync("news", "before");
        var first = await host.OpenAsync("channel=news");
        first.Cut();
        await host.PublishAsync("news", "meanwhile");

        var second = await host.OpenAsync("channel=news", first.LastId);

        Assert.Equal(["meanwhile"], await ValuesAsync(second, 1));
    }

    [Fact]
    public async Task Several_channels_go_on_each_where_it_was()
    {
        await using var host = await SseHost.StartAsync();
        var first = await host.OpenAsync("channel=a&channel=b/c&channel=d");
        await host.PublishAsync("a", "a1");
        await host.PublishAsync("b/c", "b1");
        await ValuesAsync(first, 2);
        first.Cut();
        await host.PublishAsync("b/c", "b2");
        await host.PublishAsync("a", "a2");
        await host.PublishAsync("d", "d1");

        // In another order, and with one more.
        var second = await host.OpenAsync("channel=b/c&channel=a&channel=e&channel=d", first.LastId);

        Assert.Equal("true", second.Opening.Data.At("channels", "a", "recovered"));
        Assert.Equal("false", second.Opening.Data.At("channels", "e", "recovered"));
        Assert.Equal(["b2", "a2", "d1"], await ValuesAsync(second, 3));
    }

    [Fact]
    public async Task While_it_catches_up_every_id_is_a_place_to_come_back_to()
    {
        await using var host = await SseHost.StartAsync();
        var reader = await host.OpenAsync("channel=a&channel=b");
        reader.Cut();
        for (var n = 1; n <= 3; n++) await host.PublishAsync(n % 2 == 0 ? "a" : "b", $"{n}");

        var got = new List<string>();
        for (var n = 1; n <= 3; n++)
        {
            reader = await host.OpenAsync("channel=a&channel=b", reader.LastId);
            got.AddRange(await ValuesAsync(reader, 1));
            reader.Cut();
        }

        Assert.Equal(["1", "2", "3"], got.Order());
    }

    [Fact]
    public async Task The_channels_that_a_filter_brought_go_on_where_they_were()
    {
        await using var host = await SseHost.StartAsync();
        var first = await host.OpenAsync("channel=sensors/%23");
        await host.PublishAsync("sensors/1", "a");
        await host.PublishAsync("sensors/2", "b");
        await ValuesAsync(first, 2);
        first.Cut();
        await host.PublishAsync("sensors/2", "c");
        await host.PublishAsync("sensors/1", "d");

        var second = await host.OpenAsync("channel=sensors/%23", first.LastId);
        await host.PublishAsync("sensors/1", "e");
        await host.PublishAsync("sensors/3", "f");

        Assert.Equal("true", second.Opening.Data.At("channels", "sensors/1", "recovered"));
        Assert.Equal("false", second.Opening.Data.At("channels", "sensors/#", "recovered"));
        Assert.Equal(["c", "d", "e", "f"], (await ValuesAsync(second, 4)).Order());
        Assert.Empty(await host.PresenceAsync("sensors/1"));
    }

    [Fact]
    public async Task A_filter_that_saw_nothing_comes_back_and_is_told_that_it_may_have_missed_something()
    {
        await using var host = await SseHost.StartAsync();
        var first = await host.OpenAsync("channel=sensors/%23");
        first.Cut();

        var second = await host.OpenAsync("channel=sensors/%23", first.LastId);

        Assert.Equal("false", second.Opening.Data.At("channels", "sensors/#", "recovered"));
    }

    [Theory]
    [InlineData("no id at all")]
    [InlineData("0000-1")]
    [InlineData("other:0000-1")]
    [InlineData(",,,")]
    public async Task An_id_that_says_nothing_is_answered_with_where_history_begins_and_replays_nothing(string id)
    {
        await using var host = await SseHost.StartAsync();
        for (var n = 1; n <= 3; n++) await host.PublishAsync("news", "old");

        var reader = await host.OpenAsync("channel=news", id);
        await host.PublishAsync("news", "new");

        Assert.Equal("recovered", reader.Opening.EventType);
        Assert.Equal("false", reader.Opening.Data.At("channels", "news", "recovered"));
        Assert.Equal("1", reader.Opening.Data.At("channels", "news", "first"));
        Assert.Equal("3", reader.Opening.Data.At("channels", "news", "offset"));
        Assert.Equal(["new"], await ValuesAsync(reader, 1));
    }

    [Fact]
    public async Task What_the_history_no_longer_has_is_not_recovered_and_the_next_time_it_goes_on()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Rule("news", new ChannelOptions { HistorySize = 2 }));
        var reader = await host.OpenAsync("channel=news");
        reader.Cut();
        for (var n = 1; n <= 5; n++) await host.PublishAsync("news", $"{n}");

        var second = await host.OpenAsync("channel=news", reader.LastId);
        second.Cut();
        await host.PublishAsync("news", "6");
        var third = await host.OpenAsync("channel=news", second.LastId);

        Assert.Equal(("false", "4"), (second.Opening.Data.At("channels", "news", "recovered"), second.Opening.Data.At("channels", "news", "first")));
        Assert.Equal("true", third.Opening.Data.At("channels", "news", "recovered"));
        Assert.Equal(["6"], await ValuesAsync(third, 1));
    }

    [Theory]
    [InlineData("lastEventId")]
    [InlineData("Last-Event-ID")]
    public async Task The_id_may_stand_in_the_address_and_the_header_goes_before_it(string field)
    {
        await using var host = await SseHost.StartAsync();
        var first = await host.OpenAsync("channel=news");
        var start = first.LastId;
        await host.PublishAsync("news", "1");
        await host.PublishAsync("news", "2");
        await first.ReadAsync("message", "the message");

        var byAddress = await host.OpenAsync($"channel=news&{field}={start}");
        var byHeader = await host.OpenAsync($"channel=news&{field}={start}", first.LastId);

        Assert.Equal(["1", "2"], await ValuesAsync(byAddress, 2));
        Assert.Equal(["2"], await ValuesAsync(byHeader, 1));
    }

    private static async Task<List<string>> ValuesAsync(SseReader reader, int count)
    {
        var values = new List<string>();
        while (values.Count < count) values.Add((await reader.ReadAsync("message", $"message {values.Count + 1} of {count}")).At("value"));
        return values;
    }
}
