using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Cluster.Tests.Streams;

/// <summary>A way that loses, repeats and swaps, and what subscribers see at its end.</summary>
public sealed class ArrivalsTests
{
    private const string Channel = "news";
    private const string Epoch = "e1";

    private readonly SeeingNode _node = new();
    private int _reads;

    [Fact]
    public void Whatever_the_way_does_each_message_is_seen_once_and_in_its_order() => Prop.ForAll<byte[]>(script =>
    {
        var node = new SeeingNode();
        var arrivals = new Arrivals(node, (_, request) => Task.FromResult(Read(script.Length, 1, request)));
        arrivals.ListensFrom(Channel, new ChannelPosition(Epoch, 0));

        foreach (var delivery in Mangle(script)) arrivals.Take(new DeliveryPack([delivery]));
        // The node tells the channel again, as it does when it has lost sight of it.
        arrivals.CatchUp(Channel, new ChannelPosition(Epoch, script.Length));

        Assert.Equal(Enumerable.Range(1, script.Length).Select(offset => (long)offset), node.Offsets);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Where_the_history_does_not_reach_offsets_jump_and_never_go_back() => Prop.ForAll<byte[], byte>((script, first) =>
    {
        var node = new SeeingNode();
        var arrivals = new Arrivals(node, (_, request) => Task.FromResult(Read(script.Length, first, request)));
        arrivals.ListensFrom(Channel, new ChannelPosition(Epoch, 0));

        foreach (var delivery in Mangle(script)) arrivals.Take(new DeliveryPack([delivery]));

        Assert.Equal(node.Offsets.Distinct().Order(), node.Offsets);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task While_a_hole_is_filled_what_is_behind_it_waits_and_other_channels_go_on()
    {
        var reading = new TaskCompletionSource<HistoryRead>();
        var arrivals = new Arrivals(_node, (_, _) => reading.Task);
        arrivals.ListensFrom(Channel, new ChannelPosition(Epoch, 0));

        arrivals.Take(new DeliveryPack([Delivery(3), Delivery(4), Delivery(1, "other")]));
        Assert.Equal(["other"], _node.Channels);

        reading.SetResult(Read(4, 1, new HistoryRequest(0, 10, Reverse: false)));
        await _node.WhenSeenAsync(5);

        Assert.Equal([1, 1, 2, 3, 4], _node.Offsets);
    }

    [Fact]
    public void What_is_behind_a_hole_goes_on_whatever_keeps_the_history_from_being_read()
    {
        var arrivals = new Arrivals(_node, (_, _) => Task.FromException<HistoryRead>(new IOException("The storage is away.")));
        arrivals.ListensFrom(Channel, new ChannelPosition(Epoch, 0));

        arrivals.Take(new DeliveryPack([Delivery(3), Delivery(4)]));

        Assert.Equal([3, 4], _node.Offsets);
    }

    [Fact]
    public void A_way_that_loses_nothing_reads_no_history()
    {
        var arrivals = new Arrivals(_node, (_, request) =>
        {
            _reads++;
            return Task.FromResult(Read(9, 1, request));
        });
        arrivals.ListensFrom(Channel, new ChannelPosition(Epoch, 4));

        arrivals.Take(new DeliveryPack([Delivery(5), Delivery(6)]));

        Assert.Equal([5, 6], _node.Offsets);
        Assert.Equal(0, _reads);
    }

    // Each byte is what happens to a message: lost, repeated, swapped with the next, or nothing.
    private static List<MessageDelivery> Mangle(byte[] script)
    {
        var mangled = new List<MessageDelivery>();
        for (var i = 0; i < script.Length; i++)
        {
            var delivery = Delivery(i + 1);
            switch (script[i] % 6)
            {
                case 0:
                    break;

                case 1:
                    mangled.AddRange([delivery, delivery]);
                    break;

                case 2 when mangled.Count > 0:
                    mangled.Insert(mangled.Count - 1, delivery);
                    break;

                default:
                    mangled.Add(delivery);
                    break;
            }
        }

        return mangled;
    }

    private static HistoryRead Read(int last, int first, HistoryRequest request)
    {
        var offsets = Enumerable.Range(1, last).Where(offset => offset >= first && offset > request.Since);
        var position = new ChannelPosition(Epoch, last);
        return new HistoryRead(position, first, [.. offsets.Select(offset => Delivery(offset).Message)], IsComplete: true);
    }

    private static MessageDelivery Delivery(long offset, string channel = Channel) => new(
        channel, Epoch, new Message(offset, default, new Payload("1"u8.ToArray(), PayloadKind.Json), Headers.None, "test", null, false));
}
