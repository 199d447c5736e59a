using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.EndToEnd;

public sealed class ChannelTests
{
    [Fact]
    public async Task What_one_publishes_the_other_gets_whatever_it_is()
    {
        await using var server = await RealServer.StartAsync();
        await using var publisher = server.Connect();
        await using var client = server.Connect();
        await using var messages = new Reading<Message>(await client.SubscribeAsync("c"));

        var headers = new PublishOptions { Headers = [new("kind", "greeting \"1\"")] };
        var result = await publisher.PublishAsync("c", "grüße \n", headers);
        await publisher.PublishAsync("c", "{\"a\":[1]}"u8.ToArray());
        await publisher.PublishAsync("c", Payload.FromBinary(new byte[] { 255, 0 }));

        var text = await messages.NextAsync();
        Assert.Equal((1L, 1L), (result.Receivers, result.Offset));
        Assert.Equal("grüße \n", text.Text);
        Assert.Equal("greeting \"1\"", text.Headers.Single().Value);
        Assert.Equal("{\"a\":[1]}", (await messages.NextAsync()).Text);
        Assert.Equal([255, 0], (await messages.NextAsync()).Value.Bytes.ToArray());
    }

    [Fact]
    public async Task A_publish_with_an_id_is_done_once()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        var once = new PublishOptions { Id = "x" };

        var first = await client.PublishAsync("c", "1", once);
        var second = await client.PublishAsync("c", "1", once);

        Assert.Equal(first.Offset, second.Offset);
        Assert.Single((await client.HistoryAsync("c")).Messages);
    }

    [Fact]
    public async Task The_retained_value_is_told_to_who_comes_later()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await client.PublishAsync("kept/c", "value");

        await using var messages = new Reading<Message>(await client.SubscribeAsync("kept/c"));

        var message = await messages.NextAsync();
        Assert.Equal(("value", true), (message.Text, message.IsRetained));
    }

    [Fact]
    public async Task The_history_is_read_in_pieces_in_either_direction()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        for (var i = 1; i <= 5; i++) await client.PublishAsync("c", $"{i}");

        var all = await client.HistoryAsync("c");
        var part = await client.HistoryAsync("c", new HistoryOptions { Since = all.Messages[1].Position, Limit = 2 });
        var newest = await client.HistoryAsync("c", new HistoryOptions { Reverse = true, Limit = 1 });
        var stale = new HistoryOptions { Since = new ChannelPosition("other", 1) };

        Assert.Equal("1 2 3 4 5", string.Join(' ', all.Messages.Select(message => message.Text)));
        Assert.Equal((5L, 1L, true), (all.Position.Offset, all.First, all.IsComplete));
        Assert.Equal("3 4", string.Join(' ', part.Messages.Select(message => message.Text)));
        Assert.False(part.IsComplete);
        Assert.Equal("5", newest.Messages.Single().Text);
        var gone = await Assert.ThrowsAsync<SignalboxException>(() => client.HistoryAsync("c", stale));
        Assert.Equal(ErrorCode.HistoryGone, gone.Code);
    }

    [Fact]
    public async Task A_subscription_that_begins_in_the_past_gets_it()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        for (var i = 1; i <= 3; i++) await client.PublishAsync("c", $"{i}");
        var first = (await client.HistoryAsync("c")).Messages[0].Position;

        await using var messages = new Reading<Message>(await client.SubscribeAsync("c", new SubscribeOptions { Since = first }));

        Assert.Equal("2", (await messages.NextAsync()).Text);
        Assert.Equal("3", (await messages.NextAsync()).Text);
    }

    [Fact]
    public async Task Who_is_present_is_known_and_who_comes_and_goes_is_told()
    {
        await using var server = await RealServer.StartAsync();
        await using var watcher = server.Connect();
        await using var guest = server.Connect(options => options.Name = "guest");
        var subscription = await watcher.SubscribeAsync("seen/c");
        var changes = System.Threading.Channels.Channel.CreateUnbounded<string>();
        subscription.PresenceChanged += change => changes.Writer.TryWrite($"{change.Member.Name} {change.Joined}");
        await using var messages = new Reading<Message>(subscription);
        var reading = messages.MoveNextAsync();

        var visit = await guest.SubscribeAsync("seen/c");
        Assert.Contains(await watcher.PresenceAsync("seen/c"), member => member.Name == "guest" && member.Id == guest.Server!.ConnectionId);
        await visit.DisposeAsync();
        await guest.PublishAsync("seen/c", "bye");

        await reading;
        Assert.Contains("guest True", await ReadAllAsync(changes.Reader));

        static async Task<List<string>> ReadAllAsync(System.Threading.Channels.ChannelReader<string> reader)
        {
            var all = new List<string>();
            while (!all.Contains("guest False")) all.Add(await reader.ReadAsync().AsTask().Soon("the guest's leaving"));
            return all;
        }
    }

    [Fact]
    public async Task Channels_are_listed_with_their_peers()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await using var a = await client.SubscribeAsync("list/a");
        await using var b = await client.SubscribeAsync("list/b");
        await using var other = await client.SubscribeAsync("other");

        var channels = new List<ChannelInfo>();
        await foreach (var channel in client.ChannelsAsync("list/")) channels.Add(channel);

        Assert.Equal(["list/a", "list/b"], channels.Select(channel => channel.Name).Order());
        Assert.All(channels, channel => Assert.Single(channel.Peers));
    }

    [Fact]
    public async Task A_process_is_addressed_by_its_number_and_everybody_by_a_broadcast()
    {
        await using var server = await RealServer.StartAsync();
        await using var sender = server.Connect();
        await using var client = server.Connect(options =>
        {
            (options.ServerId, options.WorkerId) = (3, 4);
            options.DefaultChannels.Add("fleet");
        });
        await using var inbox = new Reading<Message>(client.Inbox);
        await using var broadcasts = new Reading<Message>(client.Broadcasts);
        await client.ConnectAsync();
        await client.PingAsync();

        await sender.PublishAsync($"{(3 << 16) + 4}", "to you");
        await sender.PublishAsync("fleet", "to the fleet");
        var count = await sender.BroadcastAsync("to all");

        Assert.Equal("to you", (await inbox.NextAsync()).Text);
        Assert.Equal("to the fleet", (await inbox.NextAsync()).Text);
        Assert.Equal("to all", (await broadcasts.NextAsync()).Text);
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task A_rate_limit_says_what_is_left_and_when_to_come_back()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await client.PublishAsync("limited/c", "1");

        var quota = await client.QuotaAsync("limited/c");
        var unlimited = await client.QuotaAsync("c");
        await client.PublishAsync("limited/c", "2");
        var error = await Assert.ThrowsAsync<SignalboxException>(() => client.PublishAsync("limited/c", "3"));

        Assert.Equal((2L, 1L, TimeSpan.FromHours(1)), (quota.Limit, quota.Remaining, quota.Window));
        Assert.Null(unlimited.Limit);
        Assert.Equal((ErrorCode.RateLimited, 0L), (error.Code, error.Remaining));
        Assert.NotNull(error.RetryAfter);
    }

    [Fact]
    public async Task A_restart_without_a_memory_is_told_as_a_gap_and_the_subscription_goes_on()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        var gaps = new List<Gap>();
        await using var messages = new Reading<Message>(
            await client.SubscribeAsync("c", new SubscribeOptions { OnGap = gaps.Add }));
        await client.PublishAsync("c", "before");
        Assert.Equal("before", (await messages.NextAsync()).Text);

        await server.RestartAsync();
        await client.PublishAsync("c", "after", new PublishOptions { Id = "1" });

        Assert.Equal("after", (await messages.NextAsync()).Text);
        Assert.Equal(GapReason.HistoryGone, Assert.Single(gaps).Reason);
    }

    [Fact]
    public async Task Whatever_is_cut_every_message_comes_once_and_in_order()
    {
        const int count = 3000;
        await using var server = await RealServer.StartAsync();
        await using var cable = new Cable(server.Port);
        await using var publisher = server.Connect();
        await using var client = server.Connect(options => options.Endpoints.Add(cable.Endpoint));
        var gaps = new List<Gap>();
        await using var messages = new Reading<Message>(
            await client.SubscribeAsync("long/c", new SubscribeOptions { OnGap = gaps.Add, Capacity = 16 }));

        var publishing = PublishAllAsync(publisher);
        for (var i = 1; i <= count; i++)
        {
            Assert.Equal(i, (await messages.NextAsync()).Offset);
            if (i % 300 == 0) cable.Cut();
        }

        await publishing.Soon();
        Assert.Empty(gaps);

        static async Task PublishAllAsync(SignalboxClient publisher)
        {
            for (var i = 0; i < count; i += 10)
            {
                await Task.WhenAll(Enumerable.Range(i, 10).Select(one => publisher.PublishAsync("long/c", $"{one}")));
            }
        }
    }

    [Fact]
    public async Task A_publisher_that_is_cut_off_repeats_what_has_an_id_and_nothing_is_doubled()
    {
        const int count = 400;
        await using var server = await RealServer.StartAsync();
        await using var cable = new Cable(server.Port);
        await using var publisher = server.Connect(options => options.Endpoints.Add(cable.Endpoint));

        for (var i = 0; i < count; i += 20)
        {
            var publishing = Enumerable.Range(i, 20)
                .Select(one => publisher.PublishAsync("long/c", $"{one}", new PublishOptions { Id = $"{one}" })).ToArray();
            if (i % 60 == 0) cable.Cut();
            await Task.WhenAll(publishing).Soon();
        }

        await using var reader = server.Connect();
        var history = await reader.HistoryAsync("long/c");
        Assert.Equal(Enumerable.Range(0, count), history.Messages.Select(message => int.Parse(message.Text, null)).Order());
    }
}
