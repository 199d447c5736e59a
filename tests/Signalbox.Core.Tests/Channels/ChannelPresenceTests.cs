using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Channels;

public sealed class ChannelPresenceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Who_joins_is_present_until_it_leaves()
    {
        var channel = new ChannelDriver();
        channel.Join("c1");
        channel.Join("c2");

        Assert.True(channel.Leave("c1"));

        Assert.Equal(["c2"], channel.Present());
        Assert.False(channel.Leave("c1"));
        Assert.Equal([new MemberLeft("c1", LeaveReason.Left)], channel.Log.OfType<MemberLeft>());
    }

    [Fact]
    public void A_channel_without_presence_has_no_members()
    {
        var channel = new ChannelDriver(new ChannelOptions { Presence = false });

        Assert.Equal(Refusal.PresenceOff, channel.Join("c1"));
        Assert.Empty(channel.Present());
    }

    [Fact]
    public void Members_beyond_the_limit_are_refused_and_those_present_may_still_say_something_new()
    {
        var channel = new ChannelDriver(limits: new ChannelLimits { MaxMembers = 1 });
        channel.Join("c1");

        Assert.Equal(Refusal.TooManyMembers, channel.Join("c2"));
        Assert.Equal(Refusal.None, channel.Join("c1", name: "Ada"));
        Assert.Equal("Ada", Assert.Single(channel.Channel.Members).Name);
    }

    [Fact]
    public void Whoever_joins_again_with_nothing_new_has_been_present_since_the_first_time()
    {
        var channel = new ChannelDriver();
        var member = ChannelDriver.Member("c1", "n1");
        channel.Join(member);
        var later = member with { Since = member.Since + Second };

        Assert.Equal(Refusal.None, channel.Channel.Join(later, out var fact));
        Assert.Null(fact);

        channel.Join(later with { Name = "Ada" });
        Assert.Equal(member with { Name = "Ada" }, Assert.Single(channel.Channel.Members));
    }

    [Fact]
    public void A_node_that_is_not_renewed_in_time_takes_all_of_its_members_with_it_in_one_step()
    {
        var channel = new ChannelDriver();
        channel.Renew("n1", 10 * Second);
        channel.Join("c1", "n1");
        channel.Join("c2", "n1");
        channel.Join("c3", "n2");

        Assert.Empty(channel.Pass(9 * Second));
        Assert.Equal([new NodeLost("n1")], channel.Pass(1 * Second));

        Assert.Equal(["c3"], channel.Present());
        Assert.Null(channel.Channel.NextWakeUp);
    }

    [Fact]
    public void A_renewed_node_keeps_its_members()
    {
        var channel = new ChannelDriver();
        channel.Renew("n1", 10 * Second);
        channel.Join("c1", "n1");
        channel.Pass(9 * Second);

        channel.Renew("n1", 10 * Second);

        Assert.Empty(channel.Pass(9 * Second));
        Assert.Equal(["c1"], channel.Present());
    }

    [Fact]
    public void A_renewal_that_was_overtaken_does_not_shorten_the_later_one()
    {
        var channel = new ChannelDriver();
        channel.Renew("n1", 10 * Second);

        channel.Renew("n1", 5 * Second);

        Assert.Equal(channel.Now + (10 * Second), channel.Channel.NextWakeUp);
    }

    [Fact]
    public void Members_of_a_node_that_was_never_renewed_do_not_expire()
    {
        var channel = new ChannelDriver();
        channel.Join("c1", "n1");

        Assert.Empty(channel.Pass(TimeSpan.FromDays(1000)));
        Assert.Equal(["c1"], channel.Present());
    }

    [Fact]
    public void A_member_that_joins_a_known_node_expires_with_it_even_if_it_is_the_first()
    {
        var channel = new ChannelDriver();
        channel.Renew("n1", 10 * Second);
        channel.Join("c1", "n1");
        channel.Leave("c1");
        channel.Join("c2", "n1");

        channel.Pass(10 * Second);

        Assert.Empty(channel.Present());
    }

    [Fact]
    public void A_lost_node_takes_its_members_and_is_known_no_more()
    {
        var channel = new ChannelDriver();
        channel.Join("c1", "n1");
        channel.Join("c2", "n2");

        Assert.True(channel.Lose("n1"));

        Assert.Equal(["c2"], channel.Present());
        Assert.False(channel.Lose("n1"));
        Assert.Empty(channel.Channel.MembersOf("n1"));
    }

    [Fact]
    public void A_member_that_comes_back_through_another_node_does_not_go_with_the_first()
    {
        var channel = new ChannelDriver();
        channel.Join("c1", "n1");
        channel.Join("c1", "n2");

        Assert.False(channel.Lose("n1"));
        Assert.Equal(["c1"], channel.Present());

        Assert.True(channel.Lose("n2"));
        Assert.Empty(channel.Present());
    }

    [Fact]
    public void Members_of_a_node_come_in_order_of_their_ids()
    {
        var channel = new ChannelDriver();
        channel.Join("c3", "n1");
        channel.Join("c1", "n1");
        channel.Join("c2", "n2");

        Assert.Equal(["c1", "c3"], channel.Channel.MembersOf("n1").Select(member => member.Id));
    }

    [Fact]
    public void What_falls_due_at_one_moment_comes_in_a_fixed_order()
    {
        var channel = new ChannelDriver(
            new ChannelOptions { HistoryAge = 17 * Second }, new ChannelLimits { DedupeWindow = 16 * Second });
        channel.Publish("a", id: "x");
        channel.Renew("n2", 17 * Second);
        channel.Renew("n1", 17 * Second);

        Assert.Equal(
            [
                new NodeLost("n1"),
                new NodeLost("n2"),
                new HistoryExpired(1),
                new PublishIdsForgotten(channel.Now + (17 * Second)),
            ],
            channel.Pass(17 * Second));
    }

    [Fact]
    public void A_snapshot_holds_nobody()
    {
        var channel = new ChannelDriver();
        channel.Renew("n1", 10 * Second);
        channel.Join("c1", "n1");

        var restored = channel.Restore();

        Assert.Empty(restored.Members);
        Assert.Null(restored.NextWakeUp);
    }
}
