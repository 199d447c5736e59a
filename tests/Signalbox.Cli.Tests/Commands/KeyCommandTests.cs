using System.Text;
using System.Text.Json;

namespace Signalbox.Cli.Tests.Commands;

public sealed class KeyCommandTests(TestServer server)
{
    private readonly Cli _cli = Cli.At(server);

    [Fact]
    public async Task What_was_set_is_printed_as_it_is()
    {
        var set = await _cli.RunAsync("set", "kv/plain", "some text");
        var get = await _cli.RunAsync("get", "kv/plain");

        Assert.Matches(@"^version \d+\n$", set.Output);
        Assert.Equal((0, "some text\n"), (get.Code, get.Output));
    }

    [Theory]
    [InlineData("""{"a": [1,2]}""", JsonValueKind.Object)]
    [InlineData("-5", JsonValueKind.Number)]
    [InlineData("true", JsonValueKind.True)]
    [InlineData("{broken", JsonValueKind.String)]
    [InlineData("@file", JsonValueKind.String)]
    public async Task A_value_that_is_JSON_is_sent_as_JSON(string value, JsonValueKind kind)
    {
        var key = $"kv/json/{value}";
        await _cli.RunAsync("set", key, value);

        var entry = Assert.Single(await _cli.JsonAsync("get", key));

        Assert.Equal(kind, entry.GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task A_value_that_is_JSON_is_sent_as_text_where_that_is_said()
    {
        await _cli.RunAsync("set", "kv/text", "17", "--text");

        var entry = Assert.Single(await _cli.JsonAsync("get", "kv/text"));

        Assert.Equal("17", entry.GetProperty("value").GetString());
    }

    [Fact]
    public async Task JSON_of_several_lines_is_printed_as_one_line_of_JSON()
    {
        await _cli.RunAsync("set", "kv/lines", "{\n  \"a\": 1\r\n}");

        var entry = Assert.Single(await _cli.JsonAsync("get", "kv/lines"));

        Assert.Equal(1, entry.GetProperty("value").GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task A_value_is_read_from_stdin_without_its_last_line_break()
    {
        await _cli.RunWithInputAsync("two\nlines\n"u8.ToArray(), "set", "kv/stdin", "-");

        Assert.Equal("two\nlines\n", (await _cli.RunAsync("get", "kv/stdin")).Output);
    }

    [Fact]
    public async Task Bytes_from_stdin_that_are_no_text_are_kept_and_printed_as_base64()
    {
        byte[] bytes = [0xff, 0xfe, (byte)'\n'];
        await _cli.RunWithInputAsync(bytes, "set", "kv/bytes", "-");

        var entry = Assert.Single(await _cli.JsonAsync("get", "kv/bytes"));

        Assert.Equal("base64", entry.GetProperty("encoding").GetString());
        Assert.Equal(bytes, entry.GetProperty("value").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_key_that_is_not_there_ends_with_4()
    {
        var get = await _cli.RunAsync("get", "kv/none");
        var del = await _cli.RunAsync("del", "kv/none");

        Assert.Equal((4, "", "signalbox: There is no key 'kv/none'.\n"), (get.Code, get.Output, get.Error));
        Assert.Equal(4, del.Code);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_refused()
    {
        var absent = await _cli.RunAsync("set", "kv/if", "a", "--if", "absent");
        var again = await _cli.RunAsync("set", "kv/if", "b", "--if", "absent");
        var version = (await _cli.JsonAsync("get", "kv/if"))[0].GetProperty("version").GetRawText();
        var present = await _cli.RunAsync("set", "kv/if", "c", "--if", "present");
        var old = await _cli.RunAsync("set", "kv/if", "d", "--if", version);

        Assert.Equal([0, 1, 0, 1], new[] { absent, again, present, old }.Select(ended => ended.Code));
        Assert.StartsWith("signalbox: The server refused with 409 Conflict: ", again.Error);
        Assert.Equal("c\n", (await _cli.RunAsync("get", "kv/if")).Output);
    }

    [Fact]
    public async Task A_time_to_live_is_set()
    {
        await _cli.RunAsync("set", "kv/ttl", "x", "--ttl", "1h", "--id", "once");

        var entry = Assert.Single(await _cli.JsonAsync("get", "kv/ttl"));
        var now = (await _cli.JsonAsync("ping"))[0].GetProperty("time").GetInt64();

        var left = DateTimeOffset.FromUnixTimeSeconds(entry.GetProperty("expire").GetInt64()) - DateTimeOffset.FromUnixTimeMilliseconds(now);
        Assert.InRange(left, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task A_number_is_incremented_and_decremented()
    {
        var one = await _cli.RunAsync("incr", "kv/n");
        var eleven = await _cli.RunAsync("incr", "kv/n", "10");
        var six = await _cli.RunAsync("incr", "kv/n", "-5");
        await _cli.RunAsync("set", "kv/word", "word");
        var refused = await _cli.RunAsync("incr", "kv/word");

        Assert.Equal(["1\n", "11\n", "6\n"], new[] { one, eleven, six }.Select(ended => ended.Output));
        Assert.Equal(1, refused.Code);
    }

    [Fact]
    public async Task Keys_are_listed_by_prefix_and_deleted()
    {
        foreach (var key in (string[])["list/a", "list/b", "other"]) await _cli.RunAsync("set", key, "x");

        var keys = await _cli.RunAsync("keys", "list/");
        var deleted = await _cli.RunAsync("del", "list/a");
        var left = await _cli.JsonAsync("keys", "list/");

        Assert.Equal(["list/a", "list/b"], keys.Lines.Order());
        Assert.Equal((0, "deleted\n"), (deleted.Code, deleted.Output));
        Assert.Equal("list/b", Assert.Single(left).GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_watch_tells_the_present_value_and_each_change()
    {
        await _cli.RunAsync("set", "kv/watched", "before");
        var watch = _cli.Start(["watch", "kv/watched", "--count", "3"]);
        var before = await watch.LineAsync();

        await _cli.RunAsync("set", "kv/watched", "after");
        var after = await watch.LineAsync();
        await _cli.RunAsync("del", "kv/watched");
        var gone = await watch.LineAsync();

        Assert.EndsWith("  before", before);
        Assert.EndsWith("  after", after);
        Assert.EndsWith("  -- no such key --", gone);
        Assert.Equal(0, (await watch.EndAsync()).Code);
    }

    [Fact]
    public async Task A_watch_of_nothing_says_so_in_JSON()
    {
        var state = Assert.Single(await _cli.JsonAsync("watch", "kv/never", "--count", "1"));

        Assert.Equal(JsonValueKind.Null, state.GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task An_argument_behind_two_dashes_may_look_like_an_option()
    {
        var set = await _cli.RunAsync("set", "kv/dashes", "--", "--value");

        Assert.Equal(0, set.Code);
        Assert.Equal("--value\n", (await _cli.RunAsync("get", "kv/dashes")).Output);
    }

    [Fact]
    public async Task Long_lists_come_whole()
    {
        foreach (var chunk in Enumerable.Range(0, 120).Chunk(20))
        {
            await Task.WhenAll(chunk.Select(i => _cli.RunAsync("pub", "ch/long", Encoding.UTF8.GetString([(byte)'a', (byte)('0' + i % 10)]))));
        }

        // The history keeps a hundred, a table prints that many at once, and the head stands there once.
        Assert.Equal(101, (await _cli.RunAsync("history", "ch/long")).Lines.Length);
    }
}
