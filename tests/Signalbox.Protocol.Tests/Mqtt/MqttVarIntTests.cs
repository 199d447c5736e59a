using Signalbox.Protocol.Mqtt;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttVarIntTests
{
    // Table 1-1 of the standard.
    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7F")]
    [InlineData(128u, "80 01")]
    [InlineData(16_383u, "FF 7F")]
    [InlineData(16_384u, "80 80 01")]
    [InlineData(2_097_151u, "FF FF 7F")]
    [InlineData(2_097_152u, "80 80 80 01")]
    [InlineData(268_435_455u, "FF FF FF 7F")]
    public void MQTT_1_5_5_1_A_value_has_the_fewest_bytes(uint value, string bytes)
    {
        var output = new byte[MqttVarInt.MaxBytes];

        var written = MqttVarInt.Write(output, value);

        Assert.Equal(Bytes(bytes), output[..written]);
        Assert.Equal(written, MqttVarInt.SizeOf(value));
        Assert.Equal(written, MqttVarInt.Read(output, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("80 00")]
    [InlineData("FF 00")]
    [InlineData("80 80 00")]
    [InlineData("80 80 80 00")]
    [InlineData("80 80 80 80")]
    [InlineData("FF FF FF FF 01")]
    public void MQTT_1_5_5_1_More_bytes_than_needed_are_none(string bytes) =>
        Assert.True(MqttVarInt.Read(Bytes(bytes), out _) < 0);

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("80 80")]
    [InlineData("80 80 80")]
    public void A_value_whose_end_is_missing_waits(string bytes) =>
        Assert.Equal(0, MqttVarInt.Read(Bytes(bytes), out _));
}
