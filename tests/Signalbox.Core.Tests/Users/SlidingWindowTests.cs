using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    // Three in ten seconds.
    private static readonly RateLimit Chat = new("chat", 3, 10 * Second);

    [Fact]
    public void A_fresh_limit_is_whole()
    {
        var user = new UserDriver();

        Assert.Equal(new RateState(3, TimeSpan.Zero), user.RateOf(Chat));
    }

    [Fact]
    public void As_much_as_the_limit_can_be_spent_and_no_more()
    {
        var user = new UserDriver();

        Assert.Equal((Refusal.None, new RateState(1, Second * 10)), user.Spend(Chat, 2));
        Assert.Equal((Refusal.None, new RateState(0, Second * 10)), user.Spend(Chat, 1));
        Assert.Equal((Refusal.RateLimited, new RateState(0, Second * 10)), user.Spend(Chat, 1));
    }

    [Fact]
    public void A_refused_spending_costs_nothing()
    {
        var user = new UserDriver();
        user.Spend(Chat, 2);

        Assert.Equal(Refusal.RateLimited, user.Spend(Chat, 2).Refusal);

        Assert.Equal(new RateState(1, TimeSpan.Zero), user.RateOf(Chat));
    }

    [Fact]
    public void What_was_spent_is_free_again_exactly_one_window_later()
    {
        var user = new UserDriver();
        user.Spend(Chat, 3);

        user.PassUnnoticed((10 * Second) - Tick);
        Assert.Equal(new RateState(0, Tick), user.RateOf(Chat));

        user.PassUnnoticed(Tick);
        Assert.Equal(new RateState(3, TimeSpan.Zero), user.RateOf(Chat));
    }

    [Fact]
    public void The_window_slides_and_has_no_moment_at_which_all_begins_anew()
    {
        var user = new UserDriver();
        user.Spend(Chat);
        user.Pass(9 * Second);
        user.Spend(Chat, 2);

        user.Pass(Second);

        Assert.Equal(new RateState(1, TimeSpan.Zero), user.RateOf(Chat));
        Assert.Equal((Refusal.RateLimited, new RateState(1, 9 * Second)), user.Spend(Chat, 2));
    }

    [Fact]
    public void The_time_to_wait_is_until_the_wanted_amount_is_free()
    {
        var user = new UserDriver();
        user.Spend(Chat);
        user.Pass(Second);
        user.Spend(Chat);
        user.Pass(Second);
        user.Spend(Chat);

        Assert.Equal(8 * Second, user.RateOf(Chat).RetryAfter);
        Assert.Equal(8 * Second, user.Spend(Chat, 1).State.RetryAfter);
        Assert.Equal(9 * Second, user.Spend(Chat, 2).State.RetryAfter);
        Assert.Equal(10 * Second, user.Spend(Chat, 3).State.RetryAfter);
    }

    [Fact]
    public void Limits_of_different_names_do_not_touch_each_other()
    {
        var user = new UserDriver();
        user.Spend(Chat, 3);

        Assert.Equal(Refusal.None, user.Spend(Chat with { Name = "news" }, 3).Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void An_amount_that_can_never_be_spent_is_out_of_range(int amount)
    {
        var user = new UserDriver();

        Assert.Equal(Refusal.OutOfRange, user.Spend(Chat, amount).Refusal);
    }

    [Fact]
    public void A_limit_above_the_largest_or_without_a_window_is_out_of_range()
    {
        var user = new UserDriver(new UserLimits { MaxRate = 3 });

        Assert.Equal(Refusal.None, user.Spend(Chat).Refusal);
        Assert.Equal(Refusal.OutOfRange, user.Spend(Chat with { Amount = 4 }).Refusal);
        Assert.Equal(Refusal.OutOfRange, user.Spend(Chat with { Window = TimeSpan.Zero }).Refusal);
        Assert.Equal(Refusal.OutOfRange, user.Spend(Chat with { Window = TimeSpan.MaxValue }).Refusal);
    }

    [Fact]
    public void No_more_rates_are_kept_than_the_limit_allows()
    {
        var user = new UserDriver(new UserLimits { MaxRates = 1 });
        var news = Chat with { Name = "news" };
        user.Spend(Chat);

        Assert.Equal(Refusal.TooManyIds, user.Spend(news).Refusal);
        Assert.Equal(Refusal.None, user.Spend(Chat).Refusal);

        user.Pass(10 * Second);
        Assert.Equal(Refusal.None, user.Spend(news).Refusal);
    }

    [Fact]
    public void What_lies_idle_for_a_window_is_forgotten_and_the_user_is_empty_then()
    {
        var user = new UserDriver();
        user.Spend(Chat);
        user.Pass(Second);
        user.Spend(Chat);
        var last = user.Now;
        Assert.Equal(last + (10 * Second), user.User.NextWakeUp);

        user.Pass(10 * Second);

        Assert.Equal(new RateForgotten("chat", last), user.Log[^1]);
        Assert.True(user.User.IsEmpty);
    }

    [Fact]
    public void Memory_is_bounded_by_the_limit_even_where_the_engine_never_does_what_is_due()
    {
        var user = new UserDriver();

        for (var i = 0; i < 100; i++)
        {
            user.PassUnnoticed(5 * Second);
            user.Spend(Chat);
        }

        Assert.InRange(user.User.Snapshot().Count(), 1, 3);
    }

    [Fact]
    public void Spendings_of_one_moment_are_kept_as_one()
    {
        var user = new UserDriver();

        user.Spend(Chat);
        user.Spend(Chat, 2);

        Assert.Equal([new RateSpent("chat", 3, user.Now, Chat.Window)], user.User.Snapshot());
    }

    [Fact]
    public void A_shorter_window_in_the_settings_holds_at_once()
    {
        var user = new UserDriver();
        user.Spend(Chat, 3);
        user.Pass(2 * Second);

        Assert.Equal(new RateState(0, 3 * Second), user.RateOf(Chat with { Window = 5 * Second }));
        Assert.Equal(new RateState(3, TimeSpan.Zero), user.RateOf(Chat with { Window = 2 * Second }));
    }

    [Fact]
    public void A_longer_window_in_the_settings_counts_what_is_still_remembered()
    {
        var user = new UserDriver();
        user.Spend(Chat, 3);
        user.Pass(9 * Second);

        Assert.Equal(new RateState(0, 11 * Second), user.RateOf(Chat with { Window = 20 * Second }));
    }

    [Fact]
    public void A_smaller_amount_in_the_settings_lets_nobody_spend_until_enough_is_free()
    {
        var user = new UserDriver();
        user.Spend(Chat);
        user.Pass(Second);
        user.Spend(Chat, 2);

        Assert.Equal(new RateState(0, 10 * Second), user.RateOf(Chat with { Amount = 1 }));
        Assert.Equal(new RateState(0, 10 * Second), user.RateOf(Chat with { Amount = 2 }));
    }
}
