using System.Text;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Payloads;

public sealed class PayloadKindsTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":[1,2,{"b":null}]}""")]
    [InlineData("[]")]
    [InlineData(" \t\r\n[1] \n")]
    [InlineData("21.5")]
    [InlineData("-1e-9")]
    [InlineData("0")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("\"abc\"")]
    [InlineData("\"\"")]
    [InlineData("\"grüße 🚂\"")]
    public void A_JSON_value_is_JSON(string text) => Assert.Equal(PayloadKind.Json, KindOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("hello")]
    [InlineData("grüße")]
    [InlineData("True")]
    [InlineData("nul")]
    [InlineData("NaN")]
    [InlineData("21.5 C")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData("2030-01-01")]
    [InlineData("1 2")]
    [InlineData("{} {}")]
    [InlineData("[1]]")]
    [InlineData("[1,]")]
    [InlineData("[1")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\"}")]
    [InlineData("[1/* one */]")]
    [InlineData("\"")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\uFEFF{}")]
    public void What_is_not_exactly_one_JSON_value_is_text(string text) =>
        Assert.Equal(PayloadKind.Text, KindOf(text));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'[', (byte)'"', 0xC0, 0x80, (byte)'"', (byte)']' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    public void What_is_not_UTF8_is_binary_however_it_is_wrapped(byte[] bytes) =>
        Assert.Equal(PayloadKind.Binary, PayloadKinds.Of(bytes));

    [Fact]
    public void JSON_that_nests_too_deep_is_text()
    {
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);

        Assert.Equal(PayloadKind.Json, KindOf(Nested(PayloadKinds.MaxDepth)));
        Assert.Equal(PayloadKind.Text, KindOf(Nested(PayloadKinds.MaxDepth + 1)));
        Assert.Equal(PayloadKind.Text, KindOf(Nested(100_000)));
    }

    private static PayloadKind KindOf(string text) => PayloadKinds.Of(Encoding.UTF8.GetBytes(text));
}
