using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

public sealed class UserTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_new_user_is_offline_and_empty()
    {
        var user = new UserDriver();

        Assert.False(user.User.IsOnline);
        Assert.Null(user.User.OnlineSince);
        Assert.True(user.User.IsEmpty);
        Assert.Null(user.User.NextWakeUp);
    }

    [Fact]
    public void A_user_with_a_connection_is_online_since_it_was_opened()
    {
        var user = new UserDriver();

        Assert.Equal(Refusal.None, user.Open("a"));

        Assert.True(user.User.IsOnline);
        Assert.Equal(user.Now, user.User.OnlineSince);
        Assert.Equal([user.Connection("a")], user.User.Connections);
        Assert.False(user.User.IsEmpty);
    }

    [Fact]
    public void Deciding_changes_nothing()
    {
        var user = new UserDriver();
        user.Open("a");
        user.Renew("north", Second);
        var before = user.Replayed();

        user.User.Open(user.Connection("b"), out _);
        user.User.Close("a");
        user.User.Lose("north");
        user.User.Renew("south", user.Now + Second);
        user.User.NextDue(user.Now + Second);
        user.User.Spend(new RateLimit("chat", 1, Second), 1, user.Now, out _, out _);

        UserDriver.AssertEqual(before, user.User);
    }

    [Fact]
    public void The_same_connection_opened_again_is_no_news()
    {
        var user = new UserDriver();
        var connection = user.Connection("a");
        user.Open(connection);

        var refusal = user.User.Open(connection with { }, out var fact);

        Assert.Equal(Refusal.None, refusal);
        Assert.Null(fact);
    }

    [Fact]
    public void The_same_connection_with_other_data_takes_the_place_of_the_old_even_at_the_limit()
    {
        var user = new UserDriver(new UserLimits { MaxConnections = 1 });
        user.Open("a", "north");

        Assert.Equal(Refusal.None, user.Open("a", "south"));

        Assert.Equal([user.Connection("a", "south")], user.User.Connections);
    }

    [Fact]
    public void No_more_connections_are_open_than_the_limit_allows()
    {
        var user = new UserDriver(new UserLimits { MaxConnections = 2 });
        user.Open("a");
        user.Open("b");

        Assert.Equal(Refusal.TooManyConnections, user.Open("c"));
        user.Close("a");
        Assert.Equal(Refusal.None, user.Open("c"));

        Assert.Equal(["b", "c"], user.Online);
    }

    [Fact]
    public void Connections_are_listed_oldest_first()
    {
        var user = new UserDriver();
        user.Open("c", since: user.Now + Second);
        user.Open("b");
        user.Open("a");

        Assert.Equal(["a", "b", "c"], user.Online);
    }

    [Fact]
    public void A_user_is_online_as_long_as_some_connection_is_open()
    {
        var user = new UserDriver();
        var start = user.Now;
        user.Open("a");
        user.Pass(Second);
        user.Open("b");

        user.Close("a");
        Assert.Equal(start, user.User.OnlineSince);

        user.Close("b");
        Assert.Null(user.User.OnlineSince);
        Assert.True(user.User.IsEmpty);
    }

    [Fact]
    public void An_older_connection_that_is_announced_later_counts_from_its_opening()
    {
        var user = new UserDriver();
        user.Open("b");

        user.Open("a", since: user.Now - Second);

        Assert.Equal(user.Now - Second, user.User.OnlineSince);
    }

    [Fact]
    public void Closing_an_unknown_connection_and_losing_an_unknown_node_is_no_news()
    {
        var user = new UserDriver();
        user.Open("a", "north");

        Assert.False(user.Close("b"));
        Assert.False(user.Lose("south"));
    }

    [Fact]
    public void A_node_that_is_not_renewed_in_time_takes_all_its_connections_with_it_in_one_step()
    {
        var user = new UserDriver();
        user.Renew("north", 10 * Second);
        user.Open("a", "north");
        user.Open("b", "north");
        user.Open("c", "south");
        Assert.Equal(user.Now + (10 * Second), user.User.NextWakeUp);

        user.Pass((10 * Second) - TimeSpan.FromTicks(1));
        Assert.Equal(["a", "b", "c"], user.Online);

        user.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(["c"], user.Online);
        Assert.Equal(new UserNodeLost("north"), Assert.Single(user.Log.OfType<UserNodeLost>()));
    }

    [Fact]
    public void A_renewed_node_keeps_its_connections()
    {
        var user = new UserDriver();
        user.Renew("north", 10 * Second);
        user.Open("a", "north");

        user.Pass(9 * Second);
        user.Renew("north", 10 * Second);
        user.Pass(9 * Second);

        Assert.True(user.User.IsOnline);
    }

    [Fact]
    public void A_renewal_that_was_overtaken_shortens_nothing()
    {
        var user = new UserDriver();
        user.Renew("north", 10 * Second);

        Assert.False(user.Renew("north", 5 * Second));

        Assert.Equal(user.Now + (10 * Second), user.User.NextWakeUp);
    }

    [Fact]
    public void A_node_that_was_renewed_before_its_first_connection_is_remembered()
    {
        var user = new UserDriver();

        user.Renew("north", Second);
        Assert.False(user.User.IsEmpty);

        user.Open("a", "north");
        user.Pass(Second);
        Assert.True(user.User.IsEmpty);
    }

    [Fact]
    public void A_lost_node_takes_its_connections_with_it_even_if_it_was_never_renewed()
    {
        var user = new UserDriver();
        user.Open("a", "north");

        Assert.True(user.Lose("north"));

        Assert.False(user.User.IsOnline);
        Assert.Null(user.User.OnlineSince);
        Assert.True(user.User.IsEmpty);
    }

    [Fact]
    public void A_snapshot_keeps_rates_and_no_connections()
    {
        var user = new UserDriver();
        var limit = new RateLimit("chat", 3, 10 * Second);
        user.Renew("north", Second);
        user.Open("a", "north");
        user.Spend(limit, 2);

        var restored = user.Restored();

        Assert.False(restored.IsOnline);
        Assert.Equal(1, restored.RateOf(limit, user.Now).Remaining);
        Assert.Equal(user.Now + (10 * Second), restored.NextWakeUp);
    }
}
