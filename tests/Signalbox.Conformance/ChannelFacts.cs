using Signalbox.Conformance.Subjects;

namespace Signalbox.Conformance;

/// <summary>Publishing, subscribing, history, retained values and broadcasts.</summary>
public abstract class ChannelFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task Subscribers_get_messages_in_the_order_of_their_offsets()
    {
        await using var reader = await ConnectAsync();
        await using var writer = await ConnectAsync();
        var entered = await reader.SubscribeAsync("news", from: null);

        for (var i = 1; i <= 200; i++)
        {
            var published = await writer.PublishAsync("news", $"message {i}", id: null);
            Assert.Equal(new Published(Outcome.Done, entered.Position.Offset + i, Handed: 1), published);
        }

        var expected = Enumerable.Range(1, 200)
            .Select(i => Received.Message("news", $"message {i}", entered.Position.Offset + i));
        Assert.Equal(expected, await reader.WaitForAsync(200));
    }

    [Fact]
    public async Task All_subscribers_see_the_messages_of_many_publishers_in_one_order()
    {
        await using var one = await ConnectAsync();
        await using var other = await ConnectAsync();
        await one.SubscribeAsync("news", from: null);
        await other.SubscribeAsync("news", from: null);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async publisher =>
        {
            await using var writer = await ConnectAsync();
            for (var i = 0; i < 50; i++) await writer.PublishAsync("news", $"{publisher}:{i}", id: null);
        }));

        var received = await one.WaitForAsync(200);
        Assert.Equal(Enumerable.Range(1, 200).Select(offset => (long)offset), received.Select(message => message.Offset));
        Assert.Equal(received, await other.WaitForAsync(200));
    }

    [Fact]
    public async Task Nobody_gets_messages_of_a_channel_that_it_has_left_or_never_entered()
    {
        await using var reader = await ConnectAsync();
        await using var writer = await ConnectAsync();
        await reader.SubscribeAsync("news", from: null);
        await reader.SubscribeAsync("sports", from: null);
        await reader.UnsubscribeAsync("news");

        var left = await writer.PublishAsync("news", "left", id: null);
        var never = await writer.PublishAsync("weather", "never entered", id: null);
        await writer.PublishAsync("sports", "goal", id: null);

        Assert.Equal((0, 0), (left.Handed, never.Handed));
        Assert.Equal([Received.Message("sports", "goal", 1)], await reader.WaitForAsync(1));
    }

    [Fact]
    public async Task A_message_counts_the_connections_that_it_is_handed_to()
    {
        await using var one = await ConnectAsync();
        await using var other = await ConnectAsync();
        await one.SubscribeAsync("rooms/1", from: null);
        await other.SubscribeAsync("rooms/+", from: null);

        Assert.Equal(2, (await one.PublishAsync("rooms/1", "hello", id: null)).Handed);
        Assert.Equal(1, (await one.PublishAsync("rooms/2", "hello", id: null)).Handed);
        Assert.Equal(0, (await one.PublishAsync("hall", "hello", id: null)).Handed);
    }

    [Theory]
    [InlineData("+/temp", "kitchen/temp", "temp")]
    [InlineData("kitchen/+", "kitchen/temp", "kitchen/temp/now")]
    [InlineData("kitchen/#", "kitchen", "cellar")]
    [InlineData("kitchen/#", "kitchen/oven/temp", "kitchens/temp")]
    [InlineData("+/+/now", "a//now", "a/now")]
    public async Task A_filter_gets_what_it_matches_and_nothing_else(string filter, string match, string stranger)
    {
        await using var reader = await ConnectAsync();
        await using var writer = await ConnectAsync();
        await reader.SubscribeAsync(filter, from: null);

        Assert.Equal(0, (await writer.PublishAsync(stranger, "not this", id: null)).Handed);
        Assert.Equal(1, (await writer.PublishAsync(match, "this", id: null)).Handed);

        Assert.Equal([Received.Message(match, "this", 1)], await reader.WaitForAsync(1));
    }

    [Fact]
    public async Task The_history_is_read_forward_and_in_reverse_in_pages()
    {
        await using var somebody = await ConnectAsync();
        for (var i = 1; i <= 5; i++) await somebody.PublishAsync("news", $"message {i}", id: null);

        var forward = await somebody.HistoryAsync("news", since: 2, limit: 2, reverse: false);
        var rest = await somebody.HistoryAsync("news", since: 4, limit: 2, reverse: false);
        var reverse = await somebody.HistoryAsync("news", since: 0, limit: 2, reverse: true);
        var before = await somebody.HistoryAsync("news", since: 4, limit: 9, reverse: true);

        Assert.Equal([new(3, "message 3"), new(4, "message 4")], forward.Entries);
        Assert.False(forward.IsComplete);
        Assert.Equal(5, forward.Position.Offset);
        Assert.Equal(1, forward.First);
        Assert.Equal([new(5, "message 5")], rest.Entries);
        Assert.True(rest.IsComplete);
        Assert.Equal([5L, 4L], reverse.Entries.Select(entry => entry.Offset));
        Assert.Equal([3L, 2L, 1L], before.Entries.Select(entry => entry.Offset));
    }

    [Fact]
    public async Task The_history_keeps_the_newest_messages_only()
    {
        await using var somebody = await ConnectAsync();
        for (var i = 1; i <= 5; i++) await somebody.PublishAsync("short/news", $"message {i}", id: null);

        var page = await somebody.HistoryAsync("short/news", since: 0, limit: 9, reverse: false);

        Assert.Equal(3, page.First);
        Assert.Equal([3L, 4L, 5L], page.Entries.Select(entry => entry.Offset));
    }

    [Fact]
    public async Task Messages_grow_too_old_for_the_history()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.SubscribeAsync("news", from: null);
        await somebody.PublishAsync("news", "old", id: null);
        await PassAsync(Settings.HistoryAge / 2);
        await somebody.PublishAsync("news", "young", id: null);

        await PassAsync(Settings.HistoryAge / 2);

        var page = await somebody.HistoryAsync("news", since: 0, limit: 9, reverse: false);
        Assert.Equal([new(2, "young")], page.Entries);
    }

    [Fact]
    public async Task A_new_subscriber_is_given_the_retained_value()
    {
        await using var writer = await ConnectAsync();
        await writer.PublishAsync("kept/lamp", "on", id: null);
        await writer.PublishAsync("kept/lamp", "off", id: null);
        await using var reader = await ConnectAsync();

        await reader.SubscribeAsync("kept/lamp", from: null);
        await writer.PublishAsync("kept/lamp", "on again", id: null);

        Received[] expected =
        [
            new(ReceivedKind.Retained, "kept/lamp", "off", 2), Received.Message("kept/lamp", "on again", 3),
        ];
        Assert.Equal(expected, await reader.WaitForAsync(2));
    }

    [Fact]
    public async Task A_repeated_publish_gets_the_first_answer_and_is_not_told_again()
    {
        await using var reader = await ConnectAsync();
        await using var writer = await ConnectAsync();
        await reader.SubscribeAsync("orders", from: null);

        var first = await writer.PublishAsync("orders", "tea", id: "order 1");
        var repeat = await writer.PublishAsync("orders", "tea", id: "order 1");
        await writer.PublishAsync("orders", "milk", id: "order 2");

        Assert.Equal(first.Offset, repeat.Offset);
        Assert.Equal(["tea", "milk"], (await reader.WaitForAsync(2)).Select(message => message.Value));
    }

    [Fact]
    public async Task An_id_is_forgotten_after_its_window()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.SubscribeAsync("orders", from: null);
        await somebody.PublishAsync("orders", "tea", id: "order 1");

        await PassAsync(Settings.DedupeWindow);

        Assert.Equal(2, (await somebody.PublishAsync("orders", "tea", id: "order 1")).Offset);
    }

    [Fact]
    public async Task What_a_channel_does_not_take_is_refused_and_has_no_offset()
    {
        await using var somebody = await ConnectAsync();

        var tooLong = await somebody.PublishAsync("news", new string('a', Settings.MaxValueBytes + 1), id: null);
        var blank = await somebody.PublishAsync("visible/chat", "  ", id: null);
        var notJson = await somebody.PublishAsync("json/orders", "tea", id: null);

        Assert.Equal(Outcome.Limit, tooLong.Outcome);
        Assert.Equal(Outcome.Malformed, blank.Outcome);
        Assert.Equal(Outcome.Malformed, notJson.Outcome);
        Assert.Equal(1, (await somebody.PublishAsync("news", new string('a', Settings.MaxValueBytes), id: null)).Offset);
    }

    [Fact]
    public async Task A_broadcast_reaches_every_connection_that_subscribes_to_anything_once()
    {
        await using var many = await ConnectAsync();
        await using var filter = await ConnectAsync();
        await using var nothing = await ConnectAsync();
        await many.SubscribeAsync("news", from: null);
        await many.SubscribeAsync("sports", from: null);
        await many.SubscribeAsync("#", from: null);
        await filter.SubscribeAsync("rooms/#", from: null);

        var handed = await nothing.BroadcastAsync("fire", toSelf: true);
        await nothing.BroadcastAsync("drill", toSelf: true);

        Received[] expected = [new(ReceivedKind.Broadcast, "", "fire", 0), new(ReceivedKind.Broadcast, "", "drill", 0)];
        Assert.Equal(2, handed);
        Assert.Equal(expected, await many.WaitForAsync(2));
        Assert.Equal(expected, await filter.WaitForAsync(2));
    }

    [Fact]
    public async Task A_broadcast_spares_its_sender_where_it_says_so()
    {
        await using var sender = await ConnectAsync();
        await using var other = await ConnectAsync();
        await sender.SubscribeAsync("news", from: null);
        await other.SubscribeAsync("news", from: null);

        var spared = await sender.BroadcastAsync("for you", toSelf: false);
        var all = await sender.BroadcastAsync("for all", toSelf: true);

        Assert.Equal((1, 2), (spared, all));
        Assert.Equal(["for all"], (await sender.WaitForAsync(1)).Select(received => received.Value));
        Assert.Equal(["for you", "for all"], (await other.WaitForAsync(2)).Select(received => received.Value));
    }
}
