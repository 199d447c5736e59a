using System.Text.Json.Serialization;
using Signalbox.Protocol.Json;

namespace Signalbox.Client.Tests.Values;

public sealed partial class PayloadTests
{
    [Fact]
    public void A_value_becomes_json_and_comes_back()
    {
        var payload = Payload.From(new Order("tea", 2), Types.Default.Order);

        Assert.Equal("{\"Item\":\"tea\",\"Count\":2}", payload.Text);
        Assert.Equal(new Order("tea", 2), payload.As(Types.Default.Order));
    }

    [Fact]
    public void Text_is_read_as_the_json_string_it_travels_as()
    {
        Payload payload = "say \"hi\"\n";

        Assert.Equal(ValueFormat.Text, payload.Format);
        Assert.Equal("say \"hi\"\n", payload.As(Types.Default.String));
    }

    [Fact]
    public void Bytes_are_read_as_the_base64_they_travel_as()
    {
        var payload = Payload.FromBinary(new byte[] { 0, 255, 7 });

        Assert.Equal([0, 255, 7], payload.As(Types.Default.ByteArray)!);
        Assert.Equal("AP8H", payload.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1,\"key\":\"other\"")]
    [InlineData("1 2")]
    [InlineData("nope")]
    public void What_is_not_one_json_value_cannot_get_into_a_command(string text) =>
        Assert.Throws<ArgumentException>(() => Payload.FromJson(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("1")]
    [InlineData(" {\"a\":[1,2]} ")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Any_json_value_is_taken(string text) =>
        Assert.Equal(text, Payload.FromJson(System.Text.Encoding.UTF8.GetBytes(text)).Text);

    internal sealed record Order(string Item, int Count);

    [JsonSerializable(typeof(Order))]
    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(byte[]))]
    internal sealed partial class Types : JsonSerializerContext;
}
