using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Hashes;

public sealed class HashKeyIdTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly HashLimits Limits = new() { DedupeWindow = 10 * Second, MaxIds = 2 };

    [Fact]
    public void A_repeated_set_gets_the_first_version_and_does_nothing()
    {
        var key = new HashKeyDriver(Limits);
        var first = key.Set("1", id: "a");
        key.Set("2");

        var repeat = key.Set("1", condition: SetCondition.Absent, id: "a");

        Assert.Equal(first, repeat);
        Assert.Equal("2", key.Text);
        Assert.Equal(2, key.Log.Count);
    }

    [Fact]
    public void A_repeated_increment_gets_the_first_sum_and_does_nothing()
    {
        var key = new HashKeyDriver(Limits);
        var first = key.Increment(5, id: "a");
        key.Increment(1);

        var repeat = key.Increment(5, id: "a");

        Assert.Equal(first, repeat);
        Assert.Equal("6", key.Text);
    }

    [Fact]
    public void A_repeated_increment_gets_the_first_sum_after_a_restart_too()
    {
        var key = new HashKeyDriver(Limits);
        var (_, sum, version) = key.Increment(5, id: "a");
        key.Increment(1);

        foreach (var restarted in new[] { key.Replayed(), key.Restored() })
        {
            restarted.Increment(5, null, "a", key.Now, out var fact, out var sumAgain, out var versionAgain);

            Assert.Null(fact);
            Assert.Equal((sum, version), (sumAgain, versionAgain));
        }
    }

    [Fact]
    public void An_id_is_remembered_across_the_deletion_of_the_value()
    {
        var key = new HashKeyDriver(Limits);
        var first = key.Set("1", id: "a");
        key.Delete();

        Assert.Equal(first, key.Set("1", id: "a"));
        Assert.Null(key.Text);
        Assert.False(key.Key.IsEmpty);
    }

    [Fact]
    public void An_increment_with_the_id_of_a_set_that_was_no_number_is_refused()
    {
        var key = new HashKeyDriver(Limits);
        var (_, version) = key.Set("true", id: "a");

        Assert.Equal((Refusal.NotANumber, 0, version), key.Increment(1, id: "a"));
    }

    [Fact]
    public void A_refused_set_does_not_use_up_its_id()
    {
        var key = new HashKeyDriver(Limits);
        key.Set("1", condition: SetCondition.Present, id: "a");

        key.Set("2", id: "a");

        Assert.Equal("2", key.Text);
    }

    [Fact]
    public void An_id_is_forgotten_a_sixteenth_after_its_window_and_the_key_is_empty_then()
    {
        var key = new HashKeyDriver(Limits);
        key.Set("1", id: "a");
        key.Delete();
        Assert.Equal(key.Now + (10.625 * Second), key.Key.NextWakeUp);

        key.Pass(10.625 * Second);

        Assert.Equal(new KeyIdsForgotten(key.Now), key.Log[^1]);
        Assert.True(key.Key.IsEmpty);
        Assert.Null(key.Key.NextWakeUp);
    }

    [Fact]
    public void An_id_whose_window_is_over_works_anew_before_the_engine_noticed()
    {
        var key = new HashKeyDriver(Limits);
        key.Set("1", id: "a");

        key.PassUnnoticed(10 * Second);
        var (_, second) = key.Set("2", id: "a");
        key.DoWhatIsDue();

        Assert.Equal("2", key.Text);
        Assert.Equal(second, key.Set("3", id: "a").Version);
        Assert.Equal("2", key.Text);
    }

    [Fact]
    public void No_more_ids_are_remembered_than_the_limit_allows()
    {
        var key = new HashKeyDriver(Limits);
        key.Set("1", id: "a");
        var (_, version) = key.Set("2", id: "b");

        Assert.Equal((Refusal.TooManyIds, version), key.Set("3", id: "c"));
        Assert.Equal((Refusal.TooManyIds, 0, version), key.Increment(1, id: "c"));
        Assert.Equal(Refusal.None, key.Set("3").Refusal);

        key.Pass(10.625 * Second);
        Assert.Equal(Refusal.None, key.Set("4", id: "c").Refusal);
    }

    [Fact]
    public void A_shorter_window_in_the_settings_holds_for_new_ids_and_takes_nothing_from_the_old()
    {
        var old = new HashKeyDriver(Limits);
        old.Set("1", id: "a");
        var key = new HashKeyDriver(Limits with { DedupeWindow = Second, MaxIds = 3 });
        foreach (var fact in old.Log) key.Key.Apply(fact);
        key.Set("2", id: "b");

        key.Pass(Second);
        key.Set("3", id: "b");
        key.Set("4", id: "a");

        Assert.Equal("3", key.Text);
    }
}
