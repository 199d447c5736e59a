using System.Text.Json;
using Signalbox.Protocol.Commands;
using static Signalbox.Protocol.Tests.Commands.CommandDriver;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandFieldTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void A_whole_number_is_a_number(string raw, long expected)
    {
        Assert.True(With($"\"ttl\":{raw}").TryGetInt64(CommandField.Ttl, out var value, out var isPresent));
        Assert.True(isPresent);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void Anything_else_is_not(string raw)
    {
        Assert.False(With($"\"ttl\":{raw}").TryGetInt64(CommandField.Ttl, out _, out var isPresent));
        Assert.True(isPresent);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void True_and_false_are_booleans(string raw, bool expected)
    {
        Assert.True(With($"\"block\":{raw}").TryGetBoolean(CommandField.Block, out var value, out var isPresent));
        Assert.True(isPresent);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Nothing_else_is_a_boolean(string raw)
    {
        Assert.False(With($"\"block\":{raw}").TryGetBoolean(CommandField.Block, out _, out var isPresent));
        Assert.True(isPresent);
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"id-1\"", "id-1")]
    [InlineData("\"\\u0069d\\/1\"", "id/1")]
    public void A_string_is_a_text(string raw, string expected)
    {
        var command = With($"\"id\":{raw}");

        Assert.True(command.TryGetText(CommandField.Id, out var utf8, out var isPresent));
        Assert.True(command.TryGetString(CommandField.Id, out var text, out _));

        Assert.True(isPresent);
        Assert.Equal(expected, utf8.Text());
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    [InlineData("\"\\udfff\"")]
    public void Nothing_else_is_a_text(string raw)
    {
        Assert.False(With($"\"id\":{raw}").TryGetString(CommandField.Id, out var text, out var isPresent));
        Assert.True(isPresent);
        Assert.Null(text);
    }

    [Theory]
    [InlineData("\"x\":1")]
    [InlineData("\"ttl\":null,\"block\":null,\"id\":null,\"user\":null")]
    public void A_field_that_is_null_or_not_there_is_good_and_not_present(string fields)
    {
        var command = With(fields);

        Assert.True(command.TryGetInt64(CommandField.Ttl, out _, out var hasNumber));
        Assert.True(command.TryGetBoolean(CommandField.Block, out _, out var hasBoolean));
        Assert.True(command.TryGetText(CommandField.Id, out _, out var hasText));
        Assert.True(command.TryCopyHeaders([], out var hasHeaders));
        Assert.False(hasNumber || hasBoolean || hasText || hasHeaders);
    }

    [Fact]
    public void A_condition_may_be_a_word_or_a_version()
    {
        Assert.Equal(JsonTokenType.String, With("\"if\":\"absent\"").TypeOf(CommandField.If));
        Assert.Equal(JsonTokenType.Number, With("\"if\":12").TypeOf(CommandField.If));
        Assert.Equal(JsonTokenType.None, With("\"x\":12").TypeOf(CommandField.If));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("headers")]
    public void Headers_keep_their_order_and_their_repetitions(string field)
    {
        List<KeyValuePair<string, string>> headers = [];

        var isGood = With($$"""
            "{{field}}":{"b":"1","a\/":"\u0032","b":""}
            """).TryCopyHeaders(headers, out var isPresent);

        Assert.True(isGood && isPresent);
        Assert.Equal([new("b", "1"), new("a/", "2"), new("b", "")], headers);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[\"a\",\"b\"]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":{\"b\":\"c\"}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":\"a\"}")]
    public void Headers_that_are_not_names_and_texts_are_refused(string raw)
    {
        Assert.False(With($"\"user\":{raw}").TryCopyHeaders([], out var isPresent));
        Assert.True(isPresent);
    }
}
