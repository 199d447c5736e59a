using System.Text;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Json;
using static Signalbox.Protocol.Tests.Commands.CommandDriver;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandValueTests
{
    [Theory]
    [InlineData("\"hello\"", "hello")]
    [InlineData("\"\"", "")]
    [InlineData("\"a\\/b\\n\\u00e9\\ud83d\\ude00\"", "a/b\né😀")]
    public void A_string_becomes_its_text(string raw, string text)
    {
        var command = With($"\"value\":{raw}");

        Assert.True(command.TryCopyValue(out var bytes, out var format));
        Assert.Equal(ValueKind.Text, command.ValueKind);
        Assert.Equal(ValueFormat.Text, format);
        Assert.Equal(text, Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("12.50", ValueKind.Json)]
    [InlineData("false", ValueKind.Json)]
    [InlineData("{ \"a\" :\n[1, 2] }", ValueKind.Json)]
    [InlineData("[]", ValueKind.Json)]
    [InlineData("null", ValueKind.Null)]
    [InlineData("\"half \\ud800 a pair\"", ValueKind.Text)]
    public void Anything_else_and_a_string_that_is_no_text_stay_the_json_they_were(string raw, ValueKind kind)
    {
        var command = With($"\"value\" : {raw} ");

        Assert.True(command.TryCopyValue(out var bytes, out var format));
        Assert.Equal(kind, command.ValueKind);
        Assert.Equal(ValueFormat.Json, format);
        Assert.Equal(raw, Encoding.UTF8.GetString(bytes));
        Assert.Equal(raw, command.RawValue.Span.Text());
    }

    [Fact]
    public void No_value_is_missing()
    {
        var command = With("\"x\":1");

        Assert.Equal(ValueKind.Missing, command.ValueKind);
        Assert.True(command.RawValue.IsEmpty);
        Assert.False(command.TryCopyValue(out _, out _));
    }

    [Fact]
    public void A_copy_outlives_the_body()
    {
        var body = """{"command":"set","value":"abc"}"""u8.ToArray();
        var command = new Command();
        command.Read(body);

        command.TryCopyValue(out var copy, out _);
        body.AsSpan().Clear();

        Assert.Equal("abc"u8.ToArray(), copy);
    }

    [Theory]
    [InlineData("", new byte[0])]
    [InlineData("AAEC/w==", new byte[] { 0, 1, 2, 255 })]
    [InlineData("AAEC\\/w==", new byte[] { 0, 1, 2, 255 })]
    [InlineData("AAEC\\n /w==", new byte[] { 0, 1, 2, 255 })]
    [InlineData("//8=", new byte[] { 255, 255 })]
    public void Base64_becomes_the_bytes_it_stands_for(string text, byte[] expected)
    {
        var command = With($"\"value\":\"{text}\",\"encoding\":\"base64\"");

        Assert.True(command.TryCopyValue(out var bytes, out var format));
        Assert.Equal(ValueFormat.Binary, format);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("\"value\":\"AAE\",\"encoding\":\"base64\"")]
    [InlineData("\"value\":\"AA=A\",\"encoding\":\"base64\"")]
    [InlineData("\"value\":\"AA-_\",\"encoding\":\"base64\"")]
    [InlineData("\"value\":\"\\ud800\",\"encoding\":\"base64\"")]
    [InlineData("\"value\":12,\"encoding\":\"base64\"")]
    [InlineData("\"value\":null,\"encoding\":\"base64\"")]
    [InlineData("\"value\":\"AAEC\",\"encoding\":\"hex\"")]
    [InlineData("\"value\":\"AAEC\",\"encoding\":\"\"")]
    [InlineData("\"value\":\"AAEC\",\"encoding\":64")]
    public void A_value_that_is_not_what_encoding_says_is_refused(string fields) =>
        Assert.False(With(fields).TryCopyValue(out _, out _));

    [Fact]
    public void An_encoding_that_is_null_is_none()
    {
        Assert.True(With("\"value\":\"AAEC\",\"encoding\":null").TryCopyValue(out var bytes, out var format));
        Assert.Equal(ValueFormat.Text, format);
        Assert.Equal("AAEC"u8.ToArray(), bytes);
    }
}
