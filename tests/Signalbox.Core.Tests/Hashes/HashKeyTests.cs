using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Hashes;

public sealed class HashKeyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_new_key_is_absent_and_empty()
    {
        var key = new HashKeyDriver();

        Assert.Null(key.Text);
        Assert.True(key.Key.IsEmpty);
        Assert.Null(key.Key.NextWakeUp);
        Assert.Empty(key.Key.Snapshot());
    }

    [Fact]
    public void A_set_value_is_there_with_its_version_and_expiry()
    {
        var key = new HashKeyDriver();

        var (refusal, version) = key.Set("1", ttl: Second);

        Assert.Equal(Refusal.None, refusal);
        Assert.Equal(new HashValue(HashKeyDriver.Json("1"), version, key.Now + Second), key.Key.Get(key.Now));
    }

    [Fact]
    public void Deciding_changes_nothing()
    {
        var key = new HashKeyDriver();
        key.Set("1", id: "a");
        var before = key.Restored();

        key.Key.Set(HashKeyDriver.Json("2"), null, SetCondition.Always, "b", key.Now, out _, out _);
        key.Key.Increment(1, null, "c", key.Now, out _, out _, out _);
        key.Key.Delete(SetCondition.Always, key.Now, out _);

        HashKeyDriver.AssertEqual(before, key.Key);
    }

    [Fact]
    public void The_version_is_the_time_in_microseconds()
    {
        var key = new HashKeyDriver();

        var (_, version) = key.Set("1");

        Assert.Equal(key.Now.ToUnixTimeMilliseconds() * 1000, version);
    }

    [Fact]
    public void The_version_grows_with_every_change_of_one_moment()
    {
        var key = new HashKeyDriver();

        var (_, first) = key.Set("1");
        var (_, second) = key.Set("1");
        var (_, _, third) = key.Increment(1);

        Assert.Equal([first + 1, first + 2], [second, third]);
    }

    [Fact]
    public void The_version_grows_across_a_deletion()
    {
        var key = new HashKeyDriver();
        var (_, before) = key.Set("1");
        key.Delete();

        var (_, after) = key.Set("2");

        Assert.Equal(before + 2, after);
    }

    [Fact]
    public void A_deleted_key_can_be_forgotten_only_when_the_clock_is_past_its_version()
    {
        var key = new HashKeyDriver();
        key.Set("1");
        key.Delete();

        Assert.True(key.Key.IsEmpty);
        Assert.False(key.Key.CanForget(key.Now));
        Assert.False(key.Key.CanForget(key.Now + TimeSpan.FromMicroseconds(1)));
        Assert.True(key.Key.CanForget(key.Now + TimeSpan.FromMicroseconds(2)));
    }

    [Fact]
    public void An_expired_value_is_absent_before_the_engine_noticed()
    {
        var key = new HashKeyDriver();
        key.Set("1", ttl: Second);

        key.PassUnnoticed(Second - TimeSpan.FromTicks(1));
        Assert.Equal("1", key.Text);

        key.PassUnnoticed(TimeSpan.FromTicks(1));
        Assert.Null(key.Text);
        Assert.Equal(Refusal.None, key.Set("2", condition: SetCondition.Absent).Refusal);
    }

    [Fact]
    public void An_expiry_is_due_when_it_is_over_and_leaves_the_key_empty()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1", ttl: Second);
        Assert.Equal(key.Now + Second, key.Key.NextWakeUp);
        Assert.Null(key.Key.NextDue(key.Now));

        key.Pass(Second);

        var removed = Assert.IsType<KeyRemoved>(key.Log[^1]);
        Assert.Equal(KeyRemovalReason.Expired, removed.Reason);
        Assert.True(removed.Version > version);
        Assert.True(key.Key.IsEmpty);
        Assert.Null(key.Key.NextWakeUp);
    }

    [Fact]
    public void A_set_with_an_expiry_in_the_past_is_gone_at_once()
    {
        var key = new HashKeyDriver();
        key.Set("1");

        var (refusal, _) = key.Set("2", ttl: -Second);

        Assert.Equal(Refusal.None, refusal);
        Assert.Null(key.Text);
        Assert.IsType<KeyRemoved>(key.Key.NextDue(key.Now));
    }

    [Fact]
    public void A_value_at_the_limit_is_taken_and_a_longer_one_is_refused()
    {
        var key = new HashKeyDriver(new HashLimits { MaxValueBytes = 2 });

        Assert.Equal(Refusal.None, key.Set("12").Refusal);
        Assert.Equal(Refusal.PayloadTooLong, key.Set("123").Refusal);
        Assert.Equal(Refusal.PayloadTooLong, key.Increment(88).Refusal);
        Assert.Equal("12", key.Text);
    }

    [Fact]
    public void A_condition_that_fails_tells_the_present_version_and_that_version_then_holds()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1");

        var (refusal, told) = key.Set("2", condition: SetCondition.AtVersion(version - 1));

        Assert.Equal((Refusal.ConditionFailed, version), (refusal, told));
        Assert.Equal(Refusal.None, key.Set("2", condition: SetCondition.AtVersion(told)).Refusal);
    }

    [Fact]
    public void The_version_of_an_absent_key_is_zero()
    {
        var key = new HashKeyDriver();

        Assert.Equal((Refusal.ConditionFailed, 0), key.Set("1", condition: SetCondition.Present));
        Assert.Equal((Refusal.ConditionFailed, 0), key.Set("1", condition: SetCondition.AtVersion(7)));
        Assert.Equal(Refusal.None, key.Set("1", condition: SetCondition.AtVersion(0)).Refusal);
    }

    [Fact]
    public void A_set_only_if_absent_is_refused_where_there_is_a_value()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1");

        Assert.Equal((Refusal.ConditionFailed, version), key.Set("2", condition: SetCondition.Absent));
        Assert.Equal("1", key.Text);
    }

    [Fact]
    public void A_delete_removes_the_value_under_a_version_of_its_own()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1");

        Assert.Equal((Refusal.None, true), key.Delete());

        Assert.Null(key.Text);
        Assert.Equal(new KeyRemoved(version + 1, KeyRemovalReason.Deleted), key.Log[^1]);
    }

    [Fact]
    public void A_delete_of_an_absent_key_does_nothing_unless_a_value_was_demanded()
    {
        var key = new HashKeyDriver();

        Assert.Equal((Refusal.None, false), key.Delete());
        Assert.Equal((Refusal.None, false), key.Delete(SetCondition.Absent));
        Assert.Equal((Refusal.ConditionFailed, false), key.Delete(SetCondition.Present));
        Assert.Equal((Refusal.ConditionFailed, false), key.Delete(SetCondition.AtVersion(1)));
    }

    [Fact]
    public void A_delete_at_another_version_is_refused()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1");

        Assert.Equal((Refusal.ConditionFailed, false), key.Delete(SetCondition.AtVersion(version + 1)));
        Assert.Equal((Refusal.ConditionFailed, false), key.Delete(SetCondition.Absent));
        Assert.Equal((Refusal.None, true), key.Delete(SetCondition.AtVersion(version)));
    }

    [Fact]
    public void A_key_costs_at_most_80_bytes_beside_its_value_and_the_engines_dictionary()
    {
        const int Keys = 1000;
        var limits = HashLimits.Default;
        var value = HashKeyDriver.Json("1");
        var keys = new HashKey[Keys];
        var set = new KeySet(value, 1, null, null, default);
        keys[0] = new HashKey(limits);
        keys[0].Apply(set);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Keys; i++)
        {
            keys[i] = new HashKey(limits);
            keys[i].Apply(set);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Keys, 1, 80);
    }

    [Fact]
    public void A_snapshot_of_a_deleted_key_keeps_its_version()
    {
        var key = new HashKeyDriver();
        var (_, version) = key.Set("1");
        key.Delete();

        key.Restored().Set(HashKeyDriver.Json("2"), null, SetCondition.Always, null, key.Now, out _, out var next);

        Assert.Equal(version + 2, next);
    }

    [Fact]
    public void A_binary_value_comes_back_as_it_was()
    {
        var key = new HashKeyDriver();
        var value = new Payload(new byte[] { 0, 255, 7 }, PayloadKind.Binary);

        key.Set(value);

        Assert.Equal(value, key.Restored().Get(key.Now)?.Value);
    }
}
