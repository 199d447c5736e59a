using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Tests.SlowReaders;

/// <summary>What waits for one connection: messages as "channel:offset", ten bytes each, gaps as "channel:from-to".</summary>
public sealed class BacklogTests
{
    private readonly Backlog _backlog = new(100, gap => Encoding.ASCII.GetBytes($"{gap.Channel}:{gap.From}-{gap.To}"));

    [Fact]
    public void It_gives_back_what_it_took_in_order()
    {
        Assert.True(Deliver("a", SlowReaderPolicy.Disconnect, 1, 2));
        _backlog.AddReply(OutboundEntry.OfReply(Encoding.ASCII.GetBytes("reply"), null));
        Assert.True(Deliver("b", SlowReaderPolicy.Disconnect, 7));

        Assert.Equal(["a:1", "a:2", "reply", "b:7"], TakeAll());
        Assert.Equal(0, _backlog.Bytes);
    }

    [Fact]
    public void With_the_default_policy_it_takes_as_much_as_fits_and_no_more()
    {
        for (var n = 1; n <= 10; n++) Assert.True(Deliver("a", SlowReaderPolicy.Disconnect, n));

        Assert.False(Deliver("a", SlowReaderPolicy.Disconnect, 11));

        Assert.Equal(100, _backlog.Bytes);
    }

    [Fact]
    public void Replies_are_never_refused()
    {
        for (var n = 1; n <= 10; n++) Deliver("a", SlowReaderPolicy.Disconnect, n);

        _backlog.AddReply(OutboundEntry.OfReply(Encoding.ASCII.GetBytes("reply"), null));

        Assert.Equal(105, _backlog.Bytes);
    }

    [Fact]
    public void Drop_oldest_gives_up_the_oldest_and_leaves_word_in_their_place()
    {
        for (var n = 1; n <= 11; n++) Assert.True(Deliver("a", SlowReaderPolicy.DropOldest, n));

        var left = TakeAll();

        Assert.Equal("a:1-4", left[0]);
        Assert.Equal(["a:5", "a:6", "a:7", "a:8", "a:9", "a:10", "a:11"], left[1..]);
    }

    [Fact]
    public void However_long_the_reader_sleeps_there_is_one_gap_and_the_bound_holds()
    {
        for (var n = 1; n <= 1000; n++)
        {
            Assert.True(Deliver("a", SlowReaderPolicy.DropOldest, n));
            Assert.InRange(_backlog.Bytes, 0, 100);
        }

        var left = TakeAll();

        Assert.Single(left, entry => entry.Contains('-', StringComparison.Ordinal));
        var missed = int.Parse(left[0].Split('-')[1]);
        Assert.Equal(Enumerable.Range(missed + 1, 1000 - missed).Select(n => $"a:{n}"), left[1..]);
    }

    [Fact]
    public void Of_a_batch_that_is_too_long_by_itself_drop_oldest_keeps_the_end()
    {
        Deliver("a", SlowReaderPolicy.DropOldest, 1);

        Assert.True(Deliver("a", SlowReaderPolicy.DropOldest, [.. Enumerable.Range(2, 29).Select(n => (long)n)]));

        Assert.Equal(["a:1-23", "a:24", "a:25", "a:26", "a:27", "a:28", "a:29", "a:30"], TakeAll());
    }

    [Fact]
    public void Drop_oldest_keeps_replies()
    {
        _backlog.AddReply(OutboundEntry.OfReply(Encoding.ASCII.GetBytes("reply"), null));

        for (var n = 1; n <= 100; n++) Assert.True(Deliver("a", SlowReaderPolicy.DropOldest, n));

        Assert.Equal("reply", TakeAll()[0]);
    }

    [Fact]
    public void A_backlog_of_replies_alone_has_nothing_to_drop()
    {
        _backlog.AddReply(OutboundEntry.OfReply(new byte[100], null));

        Assert.False(Deliver("a", SlowReaderPolicy.DropOldest, 1));
    }

    [Fact]
    public void Latest_keeps_one_message_a_channel_when_full_and_the_others_channels_as_they_are()
    {
        Deliver("b", SlowReaderPolicy.Latest, 1);
        for (var n = 1; n <= 9; n++) Deliver("a", SlowReaderPolicy.Latest, n);

        Assert.True(Deliver("a", SlowReaderPolicy.Latest, 10));

        Assert.Equal(["b:1", "a:1-9", "a:10"], TakeAll());
    }

    [Fact]
    public void Of_a_batch_that_does_not_fit_latest_keeps_the_last()
    {
        for (var n = 1; n <= 9; n++) Deliver("a", SlowReaderPolicy.Latest, n);

        Assert.True(Deliver("a", SlowReaderPolicy.Latest, 10, 11, 12));

        Assert.Equal(["a:1-11", "a:12"], TakeAll());
    }

    [Fact]
    public void Only_what_a_subscriber_has_not_seen_of_a_batch_is_kept_and_named()
    {
        var batch = Batch("a", SlowReaderPolicy.DropOldest, 1, 2, 3);
        Assert.True(_backlog.TryAddDeliveries(batch, batch.As(TenBytes.Format), first: 1));
        for (var n = 4; n <= 12; n++) Assert.True(Deliver("a", SlowReaderPolicy.DropOldest, n));

        Assert.StartsWith("a:2-", TakeAll()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_hands_is_lost_when_everything_is_given_up()
    {
        var item = new Item();
        _backlog.AddReply(OutboundEntry.OfReply(new byte[5], item));

        _backlog.Clear();

        Assert.True(item.IsLost);
        Assert.Equal((0, 0), (_backlog.Count, _backlog.Bytes));
    }

    private static DeliveryBatch Batch(string channel, SlowReaderPolicy policy, params long[] offsets) =>
        new(channel, new ChannelOptions { SlowReader = policy }, [.. offsets.Select(offset => Message(channel, offset))]);

    private static MessageDelivery Message(string channel, long offset) =>
        new(channel, "epoch", new(offset, DateTimeOffset.UnixEpoch, Payload.Null, Headers.None, "", null, Retain: false));

    private bool Deliver(string channel, SlowReaderPolicy policy, params long[] offsets)
    {
        var batch = Batch(channel, policy, offsets);
        return _backlog.TryAddDeliveries(batch, batch.As(TenBytes.Format), 0);
    }

    private string[] TakeAll()
    {
        var text = new List<string>();
        while (_backlog.Count > 0)
        {
            var entry = Encoding.ASCII.GetString(_backlog.Take().Bytes.Span);
            text.AddRange(entry.Chunk(entry.Contains('.', StringComparison.Ordinal) ? 10 : 1000).Select(piece => new string(piece).TrimEnd('.')));
        }

        return [.. text];
    }

    private sealed class TenBytes : WireFormat
    {
        public static readonly TenBytes Format = new();

        protected internal override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
        {
            var text = new StringBuilder();
            var ends = new List<int>();
            foreach (var delivery in deliveries)
            {
                var message = (MessageDelivery)delivery;
                text.Append($"{message.Channel}:{message.Message.Offset}".PadRight(10, '.'));
                ends.Add(text.Length);
            }

            return new EncodedBatch(Encoding.ASCII.GetBytes(text.ToString()), [.. ends]);
        }
    }

    private sealed class Item : IHandOver
    {
        public bool IsLost { get; private set; }

        public void Written() => throw new InvalidOperationException("Nothing was written.");

        public void Lost() => IsLost = true;
    }
}
