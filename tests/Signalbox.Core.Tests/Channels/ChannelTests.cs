using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Channels;

/// <summary>Numbering, checks of what is published, once-only publish and the retained value.</summary>
public sealed class ChannelTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Messages_are_numbered_from_one_within_an_epoch()
    {
        var channel = new ChannelDriver();

        Assert.Equal(1, channel.Publish("a"));
        Assert.Equal(2, channel.Publish("b"));
        Assert.Equal(new ChannelPosition("epoch", 2), channel.Channel.Position);
    }

    [Fact]
    public void A_channel_is_opened_once()
    {
        var channel = new Channel(ChannelOptions.Default, ChannelLimits.Default);
        Assert.Equal("", channel.Epoch);

        channel.Apply(channel.Open("first")!);

        Assert.Null(channel.Open("second"));
        Assert.Equal("first", channel.Epoch);
    }

    [Fact]
    public void A_message_keeps_what_was_published()
    {
        var channel = new Channel(ChannelOptions.Default, ChannelLimits.Default);
        channel.Apply(channel.Open("epoch")!);
        var payload = ChannelDriver.Text("hello");
        var headers = new Headers([new("k", "v")]);

        channel.Publish(
            payload, headers, "source", "sender", retain: false, id: "x", ChannelDriver.Start, out var fact, out _);

        var message = new Message(1, ChannelDriver.Start, payload, headers, "source", "sender", Retain: false);
        var until = ChannelDriver.Start + ChannelLimits.Default.DedupeWindow;
        Assert.Equal(new MessagePublished(message, "x", until), fact);
    }

    [Fact]
    public void A_repeated_id_gets_the_first_offset_and_publishes_nothing()
    {
        var channel = new ChannelDriver();
        channel.Publish("a", id: "x");
        channel.Publish("b");

        Assert.Equal(1, channel.Publish("a again", id: "x"));
        Assert.Equal(["a", "b"], channel.Read());
    }

    [Fact]
    public void A_repeated_id_gets_the_first_answer_even_where_its_message_would_be_refused()
    {
        var channel = new ChannelDriver(new ChannelOptions { RefuseBlank = true });
        channel.Publish("a", id: "x");

        Assert.Equal(Refusal.None, channel.TryPublish(ChannelDriver.Text(""), out var offset, id: "x"));
        Assert.Equal(1, offset);
    }

    [Fact]
    public void An_id_is_new_again_when_its_window_is_over_however_late_the_wake_up_is()
    {
        var channel = new ChannelDriver(limits: new ChannelLimits { DedupeWindow = 10 * Second, MaxIds = 1 });
        channel.Publish("a", id: "x");

        channel.PassAsleep(9 * Second);
        Assert.Equal(1, channel.Publish("a", id: "x"));

        channel.PassAsleep(1 * Second);
        Assert.Equal(2, channel.Publish("a", id: "x"));
        Assert.Equal(2, channel.Publish("a", id: "x"));

        channel.Pass(9 * Second);
        Assert.Equal(2, channel.Publish("a", id: "x"));
    }

    [Fact]
    public void More_ids_than_the_limit_are_refused_until_one_is_forgotten()
    {
        var channel = new ChannelDriver(limits: new ChannelLimits { DedupeWindow = 10 * Second, MaxIds = 1 });
        channel.Publish("a", id: "x");

        Assert.Equal(Refusal.TooManyIds, channel.TryPublish(ChannelDriver.Text("b"), out var offset, id: "y"));
        Assert.Equal(0, offset);
        Assert.Equal(2, channel.Publish("without an id"));

        Assert.Equal([new PublishIdsForgotten(channel.Now + (10.625 * Second))], channel.Pass(11 * Second));
        Assert.Equal(3, channel.Publish("b", id: "y"));
    }

    [Fact]
    public void A_channel_that_remembers_no_ids_refuses_the_first()
    {
        var channel = new ChannelDriver(limits: new ChannelLimits { MaxIds = 0 });

        Assert.Equal(Refusal.TooManyIds, channel.TryPublish(ChannelDriver.Text("a"), out _, id: "x"));
    }

    [Fact]
    public void An_id_of_a_shorter_window_is_forgotten_before_an_older_one_of_a_longer()
    {
        var channel = new Channel(ChannelOptions.Default, ChannelLimits.Default);
        var now = ChannelDriver.Start;
        channel.Apply(new ChannelRestored("epoch", 2, Retained: null));
        channel.Apply(new PublishIdRemembered("long", 1, now + (60 * Second)));
        channel.Apply(new PublishIdRemembered("short", 2, now + (5 * Second)));

        Assert.Equal(now + (6 * Second), channel.NextWakeUp);
        channel.Apply(channel.NextDue(now + (6 * Second))!);

        Assert.Equal(now + (61 * Second), channel.NextWakeUp);
    }

    [Fact]
    public void A_payload_may_be_as_long_as_the_option_says_and_no_longer()
    {
        var channel = new ChannelDriver(new ChannelOptions { MaxPayloadBytes = 3 });

        Assert.Equal(Refusal.None, channel.TryPublish("abc"));
        Assert.Equal(Refusal.PayloadTooLong, channel.TryPublish("abcd"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void A_blank_payload_is_refused_only_where_the_channel_says_so(string text)
    {
        Assert.Equal(Refusal.None, new ChannelDriver().TryPublish(text));
        Assert.Equal(
            Refusal.PayloadBlank, new ChannelDriver(new ChannelOptions { RefuseBlank = true }).TryPublish(text));
    }

    [Fact]
    public void A_channel_of_JSON_takes_nothing_else()
    {
        var channel = new ChannelDriver(new ChannelOptions { RequireJson = true });

        Assert.Equal(Refusal.PayloadNotJson, channel.TryPublish("hello"));
        Assert.Equal(Refusal.None, channel.TryPublish(Payload.Null, out _));
    }

    [Fact]
    public void The_last_retained_message_is_the_channels_value()
    {
        var channel = new ChannelDriver();
        channel.Publish("a");
        Assert.Null(channel.RetainedText);

        channel.Publish("b", retain: true);
        channel.Publish("c", retain: true);
        channel.Publish("d");

        Assert.Equal("c", channel.RetainedText);
    }

    [Fact]
    public void A_channel_that_retains_keeps_every_last_message()
    {
        var channel = new ChannelDriver(new ChannelOptions { Retain = true, HistorySize = 0 });

        channel.Publish("a");

        Assert.Equal("a", channel.RetainedText);
        Assert.True(channel.Channel.Retained!.Retain);
    }

    [Fact]
    public void An_empty_retained_message_passes_and_takes_the_value_away()
    {
        var channel = new ChannelDriver();
        channel.Publish("a", retain: true);

        channel.Publish("");
        Assert.Equal("a", channel.RetainedText);

        channel.Publish("", retain: true);
        Assert.Null(channel.RetainedText);
        Assert.Equal(["a", "", ""], channel.Read());
    }

    [Fact]
    public void A_retained_value_can_be_cleared_once()
    {
        var channel = new ChannelDriver();
        channel.Publish("a", retain: true);

        channel.ClearRetained();

        Assert.Null(channel.Channel.Retained);
        Assert.Null(channel.Channel.ClearRetained());
    }

    [Fact]
    public void A_channel_is_idle_when_nothing_of_it_is_worth_keeping()
    {
        var channel = new ChannelDriver(
            new ChannelOptions { HistoryAge = 1 * Second }, new ChannelLimits { DedupeWindow = 2 * Second });
        Assert.True(channel.Channel.IsIdle);

        channel.Publish("a", id: "x");
        Assert.False(channel.Channel.IsIdle);
        channel.Pass(1 * Second);
        Assert.False(channel.Channel.IsIdle);
        channel.Pass(1.125 * Second);
        Assert.True(channel.Channel.IsIdle);

        channel.Join("c1");
        Assert.False(channel.Channel.IsIdle);
        channel.Leave("c1");
        Assert.True(channel.Channel.IsIdle);

        channel.Publish("a", retain: true);
        channel.Pass(1 * Second);
        Assert.False(channel.Channel.IsIdle);
        channel.ClearRetained();
        Assert.True(channel.Channel.IsIdle);
    }

    [Fact]
    public void Publishing_allocates_nothing_but_the_message_and_its_fact()
    {
        const int Count = 1_000;
        var channel = new Channel(new ChannelOptions { HistorySize = 10 }, ChannelLimits.Default);
        channel.Apply(channel.Open("epoch")!);
        var payload = ChannelDriver.Text("hello");
        void PublishMany()
        {
            for (var i = 0; i < Count; i++)
            {
                channel.Publish(
                    payload, Headers.None, "source", null, false, null, ChannelDriver.Start, out var fact, out _);
                channel.Apply(fact!);
            }
        }

        PublishMany();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = new Message(1, ChannelDriver.Start, payload, Headers.None, "source", null, false);
        _ = new MessagePublished(message, null, default);
        var one = GC.GetAllocatedBytesForCurrentThread() - before;

        before = GC.GetAllocatedBytesForCurrentThread();
        PublishMany();
        Assert.Equal(Count * one, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
