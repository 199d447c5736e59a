using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Fuzz;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttCodecProperties
{
    private static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void Any_bytes_are_read_without_an_exception_and_without_memory() =>
        Prop.ForAll<byte, byte[]>((first, body) => CheckMemory(first, body)).Check(Often);

    [Fact]
    public void Packets_with_some_bytes_changed_are_read_without_an_exception_and_without_memory() =>
        Prop.ForAll<byte, byte[]>((which, changes) =>
        {
            var golden = MqttGoldenPackets.All[which % MqttGoldenPackets.All.Length];
            Cut(golden.Version, Bytes(golden.Bytes), out var frame, out _);
            var body = frame.Body.ToArray();
            if (body.Length == 0) return;

            for (var i = 0; i + 1 < changes.Length; i += 2) body[changes[i] % body.Length] = changes[i + 1];

            CheckMemory((byte)((int)frame.Type << 4 | frame.Flags), body);
        }).Check(Often);

    [Fact]
    public void An_ill_formed_client_identifier_whose_characters_would_be_counted_costs_no_memory() =>
        CheckMemory(0x10, Bytes("00 06 'MQIsdp' 03 02 00 0A 00 02 C3 28"));

    [Fact]
    public void Any_stream_in_any_pieces_is_cut_alike() =>
        Prop.ForAll<byte[], byte[]>((stream, pieces) =>
        {
            var whole = new ReadOnlySequence<byte>(stream);
            var cut = SegmentedBytes.Cut(stream, pieces);
            while (true)
            {
                var status = MqttFrameCodec.TryRead(ref whole, MqttVersion.V5, 20, out var one, out var oneError);
                var again = MqttFrameCodec.TryRead(ref cut, MqttVersion.V5, 20, out var other, out var otherError);

                Assert.Equal((status, one.Type, one.Flags), (again, other.Type, other.Flags));
                Assert.Equal(one.Body.ToArray(), other.Body.ToArray());
                Assert.Same(oneError, otherError);
                Assert.Equal(whole.Length, cut.Length);
                if (status != MqttFrameStatus.Complete) return;
            }
        }).Check(Often);

    [Fact]
    public void What_can_be_read_is_written_so_that_it_reads_the_same() =>
        Prop.ForAll<byte, byte[]>((first, body) =>
        {
            foreach (var version in Versions) CheckAgain(version, first, body);
        }).Check(Often);

    [Fact]
    public void Any_message_comes_back_as_it_was() =>
        Prop.ForAll<byte, ushort, byte[]>((script, number, payload) =>
        {
            var version = Versions[script % 3];
            var qos = (MqttQos)(script / 3 % 3);
            var id = qos == MqttQos.AtMostOnce ? (ushort)0 : (ushort)(number | 1);
            var head = new MqttPublishHead
            {
                Qos = qos,
                Retain = number % 2 == 0,
                IsDuplicate = qos != MqttQos.AtMostOnce && number % 3 == 0,
                Topic = "a/ü"u8,
                PacketId = id,
                TopicAlias = number,
                MessageExpirySeconds = number % 5 == 0 ? null : number,
                SubscriptionIds = [number + 1u, 4_000u * number + 1],
            };
            var shared = new MqttPropertyBuilder().Add(MqttPropertyId.CorrelationData, payload).Build();
            var output = new ArrayBufferWriter<byte>();

            head.Write(output, version, MqttPublishTail.Of(shared, payload));
            MqttPublishTail.Write(output, version, shared, payload);

            Assert.Equal(output.WrittenCount, head.PacketSize(version, MqttPublishTail.Of(shared, payload)));
            Cut(version, output.WrittenSpan.ToArray(), out var frame, out _);
            Assert.Null(MqttPublish.Read(version, MqttSender.Server, frame.Flags, frame.Body.ToArray(), out var read));
            Assert.Equal(
                (head.Qos, head.Retain, head.IsDuplicate, id),
                (read.Qos, read.Retain, read.IsDuplicate, read.PacketId));
            Assert.Equal(payload, read.Payload.ToArray());
            if (version != MqttVersion.V5) return;

            Assert.Equal(number == 0 ? null : (uint)number, read.Properties.NumberOf(MqttPropertyId.TopicAlias));
            Assert.Equal(head.MessageExpirySeconds, read.Properties.NumberOf(MqttPropertyId.MessageExpiryInterval));
            Assert.Equal(payload, read.Properties.BytesOf(MqttPropertyId.CorrelationData)!.Value.ToArray());
        }).Check(Often);

    private static void CheckMemory(byte first, byte[] body)
    {
        var type = (MqttPacketType)Math.Max(1, first >> 4);
        foreach (var version in Versions)
        {
            // Once for what the runtime makes for itself the first time.
            Rewrite(version, MqttSender.Client, type, (byte)(first & 0x0F), body, output: null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Rewrite(version, MqttSender.Client, type, (byte)(first & 0x0F), body, output: null);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void CheckAgain(MqttVersion version, byte first, byte[] body)
    {
        var type = (MqttPacketType)Math.Max(1, first >> 4);
        if (type == MqttPacketType.Auth && version != MqttVersion.V5) return;

        var output = new ArrayBufferWriter<byte>();
        if (Rewrite(version, MqttSender.Server, type, (byte)(first & 0x0F), body, output) is not null) return;

        Assert.Equal(MqttFrameStatus.Complete, Cut(version, output.WrittenSpan.ToArray(), out var frame, out _));
        var again = new ArrayBufferWriter<byte>();
        Assert.Null(Rewrite(version, MqttSender.Server, frame.Type, frame.Flags, frame.Body.ToArray(), again));
        Assert.Equal(output.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
    }
}
