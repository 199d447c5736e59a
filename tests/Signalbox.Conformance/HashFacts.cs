using Signalbox.Conformance.Subjects;
using Signalbox.Core.Hashes;

namespace Signalbox.Conformance;

/// <summary>Shared values that expire.</summary>
public abstract class HashFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task A_key_holds_the_last_value_that_was_set()
    {
        await using var somebody = await ConnectAsync();
        Assert.Null(await somebody.GetAsync("lamp"));

        var first = await SetAsync(somebody, "lamp", "on");
        var second = await SetAsync(somebody, "lamp", "off");

        Assert.True(second.Version > first.Version);
        Assert.Equal(new Kept("off", second.Version), await somebody.GetAsync("lamp"));
    }

    [Fact]
    public async Task A_set_on_a_condition_is_done_only_where_it_holds()
    {
        await using var somebody = await ConnectAsync();

        var presentTooEarly = await SetIfAsync(somebody, SetCondition.Present);
        var absent = await SetIfAsync(somebody, SetCondition.Absent);
        var absentTooLate = await SetIfAsync(somebody, SetCondition.Absent);
        var present = await SetIfAsync(somebody, SetCondition.Present);
        var staleVersion = await SetIfAsync(somebody, SetCondition.AtVersion(absent.Version));
        var version = await SetIfAsync(somebody, SetCondition.AtVersion(present.Version));

        Assert.Equal(
            [Outcome.Conflict, Outcome.Done, Outcome.Conflict, Outcome.Done, Outcome.Conflict, Outcome.Done],
            new[] { presentTooEarly, absent, absentTooLate, present, staleVersion, version }.Select(s => s.Outcome));
        Assert.Equal(version.Version, (await somebody.GetAsync("lamp"))?.Version);
    }

    [Fact]
    public async Task A_deletion_says_whether_there_was_anything_and_keeps_its_condition()
    {
        await using var somebody = await ConnectAsync();
        var set = await SetAsync(somebody, "lamp", "on");

        var other = await somebody.DeleteAsync("lamp", SetCondition.AtVersion(set.Version - 1));
        var first = await somebody.DeleteAsync("lamp", SetCondition.AtVersion(set.Version));
        var second = await somebody.DeleteAsync("lamp", SetCondition.Always);

        Assert.Equal(Outcome.Conflict, other.Outcome);
        Assert.Equal(new Deleted(Outcome.Done, Existed: true), first);
        Assert.Equal(new Deleted(Outcome.Done, Existed: false), second);
        Assert.Null(await somebody.GetAsync("lamp"));
    }

    [Fact]
    public async Task Versions_grow_across_deletions()
    {
        await using var somebody = await ConnectAsync();
        long last = 0;

        for (var i = 0; i < 20; i++)
        {
            var set = await SetIfAsync(somebody, SetCondition.Absent);
            Assert.True(set.Version > last, $"{set.Version} came after {last}.");
            last = set.Version;
            Assert.True((await somebody.DeleteAsync("lamp", SetCondition.Always)).Existed);
        }
    }

    [Fact]
    public async Task A_value_is_gone_when_its_time_is_over()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: 10 * Second, id: null);

        await PassAsync(9 * Second);
        Assert.Equal("on", (await somebody.GetAsync("lamp"))?.Value);

        await PassAsync(1 * Second);
        Assert.Null(await somebody.GetAsync("lamp"));
        Assert.Equal(0, await somebody.CountKeysAsync());
        Assert.Empty((await somebody.KeysAsync("", cursor: null, limit: 10)).Names);
    }

    [Fact]
    public async Task A_set_without_a_time_takes_the_old_time_away()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: 10 * Second, id: null);
        await SetAsync(somebody, "lamp", "off");

        await PassAsync(20 * Second);

        Assert.Equal("off", (await somebody.GetAsync("lamp"))?.Value);
    }

    [Fact]
    public async Task The_time_of_a_deleted_value_does_not_take_away_its_successor()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: 10 * Second, id: null);
        await somebody.DeleteAsync("lamp", SetCondition.Always);
        await PassAsync(1 * Second);
        await SetAsync(somebody, "lamp", "off");

        await PassAsync(20 * Second);

        Assert.Equal("off", (await somebody.GetAsync("lamp"))?.Value);
        Assert.Equal(1, await somebody.CountKeysAsync());
    }

    [Fact]
    public async Task A_repeated_set_gets_the_first_answer_and_does_nothing()
    {
        await using var somebody = await ConnectAsync();
        var first = await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: null, id: "switch 1");
        await SetAsync(somebody, "lamp", "off");

        var repeat = await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: null, id: "switch 1");

        Assert.Equal(first, repeat);
        Assert.Equal("off", (await somebody.GetAsync("lamp"))?.Value);
    }

    [Fact]
    public async Task Increments_add_up_whoever_does_them()
    {
        await using var somebody = await ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var other = await ConnectAsync();
            for (var i = 0; i < 25; i++) await other.IncrementAsync("visits", 2, ttl: null, id: null);
        }));

        Assert.Equal("200", (await somebody.GetAsync("visits"))?.Value);
        Assert.Equal(195, (await somebody.IncrementAsync("visits", -5, ttl: null, id: null)).Sum);
    }

    [Fact]
    public async Task A_repeated_increment_gets_the_first_sum()
    {
        await using var somebody = await ConnectAsync();
        var first = await somebody.IncrementAsync("visits", 5, ttl: null, id: "visit 1");
        await somebody.IncrementAsync("visits", 1, ttl: null, id: null);

        Assert.Equal(first, await somebody.IncrementAsync("visits", 5, ttl: null, id: "visit 1"));
        Assert.Equal("6", (await somebody.GetAsync("visits"))?.Value);
    }

    [Fact]
    public async Task What_is_no_number_or_grows_too_large_is_not_incremented()
    {
        await using var somebody = await ConnectAsync();
        await SetAsync(somebody, "lamp", "on");
        await somebody.IncrementAsync("visits", long.MaxValue, ttl: null, id: null);

        Assert.Equal(Outcome.Conflict, (await somebody.IncrementAsync("lamp", 1, ttl: null, id: null)).Outcome);
        Assert.Equal(Outcome.Conflict, (await somebody.IncrementAsync("visits", 1, ttl: null, id: null)).Outcome);
        Assert.Equal("on", (await somebody.GetAsync("lamp"))?.Value);
    }

    [Fact]
    public async Task Keys_are_listed_by_prefix_in_pages()
    {
        await using var somebody = await ConnectAsync();
        foreach (var key in (string[])["lamps/3", "lamps/1", "door", "lamps/2"]) await SetAsync(somebody, key, "on");

        var first = await somebody.KeysAsync("lamps/", cursor: null, limit: 2);
        var second = await somebody.KeysAsync("lamps/", first.Cursor, limit: 2);

        Assert.Equal(["lamps/1", "lamps/2"], first.Names);
        Assert.NotNull(first.Cursor);
        Assert.Equal(["lamps/3"], second.Names);
        Assert.Null(second.Cursor);
        Assert.Equal(4, await somebody.CountKeysAsync());
    }

    [Fact]
    public async Task What_is_deleted_is_neither_counted_nor_listed()
    {
        await using var somebody = await ConnectAsync();
        await SetAsync(somebody, "door", "open");
        await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: null, id: "remembered");

        await somebody.DeleteAsync("lamp", SetCondition.Always);
        Assert.Equal(1, await somebody.CountKeysAsync());
        Assert.Equal(["door"], (await somebody.KeysAsync("", cursor: null, limit: 10)).Names);

        Assert.Equal(1, await somebody.DeleteAllKeysAsync());
        Assert.Equal(0, await somebody.CountKeysAsync());
        Assert.Equal(0, await somebody.DeleteAllKeysAsync());
        Assert.Null(await somebody.GetAsync("door"));
    }

    [Fact]
    public async Task There_are_as_many_keys_as_the_limit_allows()
    {
        if (!Subject.IsAlone) Assert.Skip("Others have keys here too.");
        await using var somebody = await ConnectAsync();
        Assert.Equal(0, await somebody.CountKeysAsync());
        for (var i = 0; i < Settings.MaxKeys; i++) await SetAsync(somebody, $"key {i}", "value");

        Assert.Equal(Outcome.Limit, (await SetAsync(somebody, "one more", "value")).Outcome);
        Assert.Equal(Outcome.Limit, (await somebody.IncrementAsync("one more", 1, ttl: null, id: null)).Outcome);
        Assert.Equal(Outcome.Done, (await SetAsync(somebody, "key 0", "another")).Outcome);
        Assert.Equal(Settings.MaxKeys, await somebody.CountKeysAsync());
    }

    [Fact]
    public async Task A_value_that_is_too_long_is_refused_and_leaves_nothing()
    {
        await using var somebody = await ConnectAsync();

        var tooLong = await SetAsync(somebody, "lamp", new string('a', Settings.MaxValueBytes + 1));

        Assert.Equal(Outcome.Limit, tooLong.Outcome);
        Assert.Null(await somebody.GetAsync("lamp"));
        Assert.Equal(0, await somebody.CountKeysAsync());
    }

    [Fact]
    public async Task A_watcher_gets_the_present_value_and_then_every_change_with_its_version()
    {
        await using var somebody = await ConnectAsync();
        await using var watcher = await ConnectAsync();
        var on = await SetAsync(somebody, "lamp", "on");

        await watcher.SubscribeAsync("$kv/lamp", from: null);
        var off = await SetAsync(somebody, "lamp", "off");
        await SetAsync(somebody, "door", "open");
        await somebody.DeleteAsync("lamp", SetCondition.Always);
        var again = await SetAsync(somebody, "lamp", "on");

        var received = await watcher.WaitForAsync(4);
        Assert.Equal(new Received(ReceivedKind.Retained, "$kv/lamp", "on", on.Version), received[0]);
        Assert.Equal(Received.Message("$kv/lamp", "off", off.Version), received[1]);
        Assert.Equal("null", received[2].Value);
        Assert.InRange(received[2].Offset, off.Version + 1, again.Version - 1);
        Assert.Equal(Received.Message("$kv/lamp", "on", again.Version), received[3]);
    }

    [Fact]
    public async Task A_watcher_that_has_seen_the_present_version_missed_nothing()
    {
        await using var somebody = await ConnectAsync();
        await using var watcher = await ConnectAsync();
        await using var late = await ConnectAsync();
        await SetAsync(somebody, "lamp", "on");
        var entered = await watcher.SubscribeAsync("$kv/lamp", from: null);
        await watcher.UnsubscribeAsync("$kv/lamp");

        var back = await watcher.SubscribeAsync("$kv/lamp", entered.Position);
        await SetAsync(somebody, "lamp", "off");
        var tooLate = await late.SubscribeAsync("$kv/lamp", entered.Position);

        Assert.True(back.Recovered);
        Assert.False(tooLate.Recovered);
        Assert.Equal(["off"], (await late.WaitForAsync(1)).Select(received => received.Value));
    }

    [Fact]
    public async Task A_watcher_is_told_when_a_value_expires()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await using var watcher = await ConnectAsync();
        await watcher.SubscribeAsync("$kv/+", from: null);
        await somebody.SetAsync("lamp", "on", SetCondition.Always, ttl: 10 * Second, id: null);

        await PassAsync(10 * Second);

        Assert.Equal(["on", "null"], (await watcher.WaitForAsync(2)).Select(received => received.Value));
    }

    private static Task<Stored> SetIfAsync(IConnection somebody, SetCondition condition) =>
        somebody.SetAsync("lamp", "on", condition, ttl: null, id: null);
}
