using System.Text.Json;

namespace Signalbox.Cli.Tests.Commands;

public sealed class ChannelCommandTests(TestServer server)
{
    private readonly Cli _cli = Cli.At(server);

    [Fact]
    public async Task A_published_message_is_printed_by_a_subscriber_with_its_headers()
    {
        await _cli.RunAsync("pub", "ch/live", "first", "--retain");
        var sub = _cli.Start(["sub", "ch/live", "--count", "2"]);
        var retained = await sub.LineAsync();

        var pub = await _cli.RunAsync("pub", "ch/live", "second", "--header", "k=v=w");

        Assert.Equal((0, "published to 1, offset 2\n"), (pub.Code, pub.Output));
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3}  ch/live       1  first  \(retained\)$", retained);
        Assert.EndsWith("  ch/live       2  second  k=v=w", await sub.LineAsync());
        Assert.Equal(0, (await sub.EndAsync()).Code);
    }

    [Fact]
    public async Task A_subscriber_begins_behind_an_offset_and_tells_where_to_go_on()
    {
        for (var i = 1; i <= 3; i++) await _cli.RunAsync("pub", "ch/since", $"{i}");

        var first = await _cli.JsonAsync("sub", "ch/since", "--since", "0", "--count", "1");
        var epoch = first[0].GetProperty("epoch").GetString()!; // Checked by the next command.
        var rest = await _cli.JsonAsync("sub", "ch/since", "--since", "1", "--epoch", epoch, "--count", "2");

        Assert.Equal([2, 3], rest.Select(message => message.GetProperty("value").GetInt32()));
        Assert.Equal([2, 3], rest.Select(message => message.GetProperty("offset").GetInt64()));
    }

    [Fact]
    public async Task A_place_that_the_history_does_not_reach_is_told_as_a_gap()
    {
        await _cli.RunAsync("pub", "ch/gap", "old");
        var sub = _cli.Start(["sub", "ch/gap", "--since", "7", "--epoch", "another", "--count", "1", "--json"]);
        var gap = JsonDocument.Parse(await sub.LineAsync()).RootElement;

        await _cli.RunAsync("pub", "ch/gap", "new");

        var message = JsonDocument.Parse(await sub.LineAsync()).RootElement;
        Assert.Equal(("gap", 7), (gap.GetProperty("event").GetString(), gap.GetProperty("after").GetInt32()));
        Assert.Equal(("message", "new"), (message.GetProperty("event").GetString(), message.GetProperty("value").GetString()));
        Assert.Equal(0, (await sub.EndAsync()).Code);
    }

    [Fact]
    public async Task Interrupting_a_subscriber_is_no_failure()
    {
        await _cli.RunAsync("pub", "ch/interrupt", "x", "--retain");
        var sub = _cli.Start(["sub", "ch/interrupt"]);
        await sub.LineAsync();

        var ended = await sub.InterruptAsync();

        Assert.Equal((0, ""), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task A_broadcast_reaches_a_subscriber_of_anything()
    {
        await _cli.RunAsync("pub", "ch/cast", "x", "--retain");
        var sub = _cli.Start(["sub", "ch/cast", "--json"]);
        await sub.LineAsync();

        var sent = await _cli.JsonAsync("broadcast", """{"to":"all"}""");
        var received = JsonDocument.Parse(await sub.LineAsync()).RootElement;

        Assert.True(sent[0].GetProperty("published").GetInt64() >= 1);
        Assert.Equal("broadcast", received.GetProperty("event").GetString());
        Assert.Equal("all", received.GetProperty("value").GetProperty("to").GetString());
        await sub.InterruptAsync();
    }

    [Fact]
    public async Task Who_comes_is_printed_without_waiting_for_a_message()
    {
        await _cli.RunAsync("pub", "told", "x", "--retain");
        var first = _cli.Start(["sub", "told", "--json"]);
        var events = new List<string?> { EventOf(await first.LineAsync()) };

        var second = _cli.Start(["sub", "told"]);
        await second.LineAsync();
        while (!events.Contains("join")) events.Add(EventOf(await first.LineAsync()));
        await second.InterruptAsync();
        while (!events.Contains("leave")) events.Add(EventOf(await first.LineAsync()));

        Assert.Equal(0, (await first.InterruptAsync()).Code);
        static string? EventOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString();
    }

    [Fact]
    public async Task Subscribers_are_listed_by_channel_and_by_member()
    {
        await _cli.RunAsync("pub", "listed/one", "x", "--retain");
        var sub = _cli.Start(["sub", "listed/one"]);
        await sub.LineAsync();

        var channels = await _cli.RunAsync("channels", "listed/");
        var presence = await _cli.RunAsync("presence", "listed/one");
        var channelJson = Assert.Single(await _cli.JsonAsync("channels", "listed/"));
        var memberJson = Assert.Single(await _cli.JsonAsync("presence", "listed/one"));

        Assert.Equal(["CHANNEL     SUBSCRIBERS", "listed/one            1"], channels.Lines);
        Assert.Equal(2, presence.Lines.Length);
        Assert.Equal(channelJson.GetProperty("peers")[0].GetString(), memberJson.GetProperty("peer").GetString());
        Assert.Equal("signalbox", memberJson.GetProperty("name").GetString());
        await sub.InterruptAsync();
    }

    [Fact]
    public async Task History_is_printed_oldest_first_or_newest_first()
    {
        foreach (var text in (string[])["one", "two\nlines", "three"]) await _cli.RunAsync("pub", "ch/history", text);

        var all = await _cli.RunAsync("history", "ch/history");
        var behind = await _cli.JsonAsync("history", "ch/history", "--since", "1", "--limit", "1");
        var newest = await _cli.JsonAsync("history", "ch/history", "--reverse", "--limit", "2");

        Assert.StartsWith("OFFSET  TIME", all.Lines[0]);
        Assert.EndsWith("two\\nlines", all.Lines[2]);
        Assert.Equal(["two\nlines"], behind.Select(message => message.GetProperty("value").GetString()));
        Assert.Equal(["three", "two\nlines"], newest.Select(message => message.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task An_id_publishes_once()
    {
        await _cli.RunAsync("pub", "ch/id", "x", "--id", "one");
        await _cli.RunAsync("pub", "ch/id", "x", "--id", "one");

        Assert.Single(await _cli.JsonAsync("history", "ch/id"));
    }

    [Fact]
    public async Task A_rate_limit_is_told_and_refused_with_its_code()
    {
        var before = await _cli.RunAsync("quota", "limited");
        await _cli.RunAsync("pub", "limited", "x");
        await _cli.RunAsync("pub", "limited", "x");
        var refused = await _cli.RunAsync("pub", "limited", "x");
        var after = Assert.Single(await _cli.JsonAsync("quota", "limited"));
        var none = await _cli.RunAsync("quota", "unlimited");

        Assert.Equal("2 of 2 left in 60s\n", before.Output);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.StartsWith("signalbox: The server refused with 429 RateLimited: ", refused.Error);
        Assert.Equal(0, after.GetProperty("remaining").GetInt64());
        Assert.Equal("no limit\n", none.Output);
    }
}
