using System.Buffers;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttPublishHeadTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static readonly MqttProperties Shared =
        new MqttPropertyBuilder().Add(MqttPropertyId.ContentType, "t"u8).AddUser("n"u8, "v"u8).Build();

    [Fact]
    public void Heads_of_many_subscribers_share_a_tail()
    {
        var tail = new ArrayBufferWriter<byte>();
        MqttPublishTail.Write(tail, MqttVersion.V5, Shared, Payload);

        Check(new MqttPublishHead { Topic = "a/b"u8 }, "30 16 00 03 'a/b' 0B", tail.WrittenSpan);
        Check(
            new MqttPublishHead { Topic = "a/b"u8, Qos = MqttQos.AtLeastOnce, PacketId = 1, Retain = true },
            "33 18 00 03 'a/b' 00 01 0B",
            tail.WrittenSpan);
        Check(
            new MqttPublishHead
            {
                Topic = "a/b"u8,
                Qos = MqttQos.ExactlyOnce,
                PacketId = 513,
                IsDuplicate = true,
                TopicAlias = 2,
                MessageExpirySeconds = 60,
                SubscriptionIds = [1, 300],
            },
            "3C 25 00 03 'a/b' 02 01 18 23 00 02 02 00 00 00 3C 0B 01 0B AC 02",
            tail.WrittenSpan);
        Check(new MqttPublishHead { TopicAlias = 2 }, "30 16 00 00 0E 23 00 02", tail.WrittenSpan);
    }

    [Fact]
    public void Before_5_0_there_are_no_properties_to_share()
    {
        var tail = new ArrayBufferWriter<byte>();
        MqttPublishTail.Write(tail, MqttVersion.V311, Shared, Payload);
        var head = new MqttPublishHead { Topic = "a/b"u8, Qos = MqttQos.AtLeastOnce, PacketId = 1, TopicAlias = 2 };
        var output = new ArrayBufferWriter<byte>();

        head.Write(output, MqttVersion.V311, MqttPublishTail.Of(Shared, Payload));

        Assert.Equal(Bytes("32 0C 00 03 'a/b' 00 01"), output.WrittenSpan.ToArray());
        Assert.Equal(Payload, tail.WrittenSpan.ToArray());
        Assert.Equal(14, head.PacketSize(MqttVersion.V311, MqttPublishTail.Of(Shared, Payload)));
    }

    [Fact]
    public void A_long_payload_has_a_long_length()
    {
        var payload = new byte[20_000];
        var head = new MqttPublishHead { Topic = "a"u8 };
        var output = new ArrayBufferWriter<byte>();

        head.Write(output, MqttVersion.V311, MqttPublishTail.Of(default, payload));

        Assert.Equal(Bytes("30 A3 9C 01 00 01 'a'"), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_message_is_read_and_written_without_an_allocation()
    {
        var packet = Bytes("33 11 00 03 'a/b' 00 0A 07 26 00 01 'n' 00 01 'v' 'hi'");
        var buffer = new ArrayBufferWriter<byte>(256);
        Pass(packet, buffer);
        buffer.ResetWrittenCount();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(packet, buffer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(packet, buffer.WrittenSpan.ToArray());
    }

    private static void Pass(byte[] packet, ArrayBufferWriter<byte> output)
    {
        var stream = new ReadOnlySequence<byte>(packet);
        MqttFrameCodec.TryRead(ref stream, MqttVersion.V5, Limit, out var frame, out _);
        MqttPublish.Read(MqttVersion.V5, MqttSender.Client, frame.Flags, frame.Body.First, out var publish);
        publish.Write(output, MqttVersion.V5);
    }

    private static void Check(MqttPublishHead head, string expected, ReadOnlySpan<byte> tail)
    {
        var output = new ArrayBufferWriter<byte>();

        head.Write(output, MqttVersion.V5, MqttPublishTail.Of(Shared, Payload));

        Assert.Equal(Bytes(expected), output.WrittenSpan.ToArray());
        byte[] packet = [.. output.WrittenSpan, .. tail];
        Assert.Equal(packet.Length, head.PacketSize(MqttVersion.V5, MqttPublishTail.Of(Shared, Payload)));
        Assert.Null(ErrorOf(MqttVersion.V5, packet, MqttSender.Server));
    }
}
