using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Channels;

public sealed class ChannelProperties
{
    private static readonly Config ManyTests = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Any_script_gives_what_the_model_gives() =>
        Prop.ForAll<byte[]>(codes =>
        {
            var script = new ChannelScript();
            foreach (var code in codes)
            {
                script.Do(code);
                AssertAsModel(script.Model, script.Driver.Channel);
            }
        }).Check(ManyTests);

    [Fact]
    public void Offsets_rise_by_one() =>
        Prop.ForAll<byte[]>(codes =>
        {
            var offsets = ChannelScript.Run(codes).Log.OfType<MessagePublished>().Select(fact => fact.Message.Offset);

            Assert.All(offsets, (offset, index) => Assert.Equal(index + 1, offset));
        }).Check(ManyTests);

    [Fact]
    public void A_replay_of_the_log_gives_an_equal_channel() =>
        Prop.ForAll<byte[]>(codes =>
        {
            var driver = ChannelScript.Run(codes);

            AssertEqual(driver.Channel, driver.Replay(), driver.Now);
        }).Check(ManyTests);

    [Fact]
    public void A_snapshot_gives_an_equal_channel_but_for_who_is_present() =>
        Prop.ForAll<byte[]>(codes =>
        {
            var driver = ChannelScript.Run(codes);
            // Past the moment up to which an id that has ended may wait to be forgotten: a snapshot does not tell of it.
            driver.Pass(TimeSpan.FromSeconds(0.5));
            foreach (var node in ChannelScript.Nodes) driver.Lose(node);

            AssertEqual(driver.Channel, driver.Restore(), driver.Now);
        }).Check(ManyTests);

    [Fact]
    public void Deciding_changes_nothing() =>
        Prop.ForAll<byte[]>(codes =>
        {
            var driver = ChannelScript.Run(codes);

            DecideEverything(driver.Channel, driver.Now + TimeSpan.FromSeconds(5));

            AssertEqual(driver.Replay(), driver.Channel, driver.Now);
        }).Check(ManyTests);

    [Fact]
    public void A_subscriber_that_comes_and_goes_sees_every_message_once_or_is_told_that_it_does_not() =>
        Prop.ForAll<byte[], byte>((codes, size) =>
        {
            var limit = size % 8;
            var script = new ChannelScript();
            var seen = script.Driver.Channel.Position;
            foreach (var (index, code) in codes.Index())
            {
                script.Do(code);
                if (index % 4 > 0) continue; // It is away.

                var read = script.Driver.Channel.Recover(seen, limit);
                var missed = script.Driver.Log.OfType<MessagePublished>().Select(fact => fact.Message)
                    .Where(message => message.Offset > seen.Offset);
                Assert.Equal(read.Recovered ? missed : [], read.Messages);
                if (!read.Recovered) Assert.True(read.First > seen.Offset + 1 || missed.Count() > limit);
                seen = read.Position;
            }
        }).Check(ManyTests);

    private static void AssertAsModel(ChannelModel model, Channel channel)
    {
        var kept = model.Kept;
        Assert.Equal(new ChannelPosition("epoch", model.LastOffset), channel.Position);
        Assert.Equal(model.Retained, channel.Retained);
        Assert.Equal(model.Members, channel.Members.OrderBy(member => member.Id, StringComparer.Ordinal));
        Assert.Equal(model.NextWakeUp, channel.NextWakeUp);
        Assert.Equal(model.IsIdle, channel.IsIdle);
        foreach (var node in ChannelScript.Nodes)
        {
            Assert.Equal(model.Members.Where(member => member.Node == node), channel.MembersOf(node));
        }

        for (var offset = Math.Max(-1, model.First - 3); offset <= model.LastOffset + 2; offset++)
        {
            var after = kept.Where(message => message.Offset > offset).ToList();
            var below = kept.Where(message => offset <= 0 || message.Offset < offset).Reverse().ToList();
            foreach (var limit in new[] { 0, 2, 5 })
            {
                AssertRead(model, after, limit, channel.Read(offset, limit, reverse: false));
                AssertRead(model, below, limit, channel.Read(offset, limit, reverse: true));
                AssertRecovery(model, offset, limit, channel);
            }
        }
    }

    private static void AssertRead(ChannelModel model, List<Message> wanted, int limit, HistoryRead read)
    {
        Assert.Equal(wanted.Take(limit), read.Messages);
        Assert.Equal(wanted.Count <= limit, read.IsComplete);
        Assert.Equal(model.First, read.First);
        Assert.Equal(model.LastOffset, read.Position.Offset);
    }

    private static void AssertRecovery(ChannelModel model, long offset, int limit, Channel channel)
    {
        var wanted = Enumerable.Range(1, (int)model.LastOffset).Where(number => number > offset).ToList();
        var isWhole = wanted.TrueForAll(number => model.Kept.Exists(message => message.Offset == number));
        var recovered = offset >= 0 && offset <= model.LastOffset && isWhole && wanted.Count <= limit;

        var read = channel.Recover(new ChannelPosition("epoch", offset), limit);

        Assert.Equal(recovered, read.Recovered);
        Assert.Equal(recovered ? wanted : [], read.Messages.Select(message => (int)message.Offset));
        Assert.False(channel.Recover(new ChannelPosition("other", offset), limit).Recovered);
    }

    private static void AssertEqual(Channel expected, Channel actual, DateTimeOffset now)
    {
        Assert.Equal(expected.Snapshot(), actual.Snapshot());
        Assert.Equal(expected.Position, actual.Position);
        Assert.Equal(expected.Retained, actual.Retained);
        Assert.Equal(expected.NextWakeUp, actual.NextWakeUp);
        Assert.Equal(expected.NextDue(now), actual.NextDue(now));
        Assert.Equal(expected.IsIdle, actual.IsIdle);
        Assert.Equal(expected.Read(0, 10, reverse: true).Messages, actual.Read(0, 10, reverse: true).Messages);
        foreach (var node in ChannelScript.Nodes) Assert.Equal(expected.MembersOf(node), actual.MembersOf(node));
        foreach (var id in ChannelScript.Ids)
        {
            for (var seconds = 0; seconds < 8; seconds++)
            {
                var then = now + TimeSpan.FromSeconds(seconds);
                Assert.Equal(Publish(expected, id, then), Publish(actual, id, then));
            }
        }
    }

    private static object Publish(Channel channel, string? id, DateTimeOffset now)
    {
        var refusal = channel.Publish(
            Payload.Null, Headers.None, "source", null, retain: true, id, now, out var fact, out var offset);
        return (refusal, fact, offset);
    }

    private static void DecideEverything(Channel channel, DateTimeOffset now)
    {
        channel.Open("another");
        Publish(channel, null, now);
        foreach (var id in ChannelScript.Ids) Publish(channel, id, now);
        channel.ClearRetained();
        foreach (var node in ChannelScript.Nodes)
        {
            channel.Join(ChannelDriver.Member("c0", node, "another"), out _);
            channel.Join(ChannelDriver.Member("c9", node), out _);
            channel.Renew(node, now);
            channel.Lose(node);
        }

        channel.Leave("c0");
        channel.NextDue(now);
    }
}
