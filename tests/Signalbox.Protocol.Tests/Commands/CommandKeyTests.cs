using Signalbox.Protocol.Commands;
using static Signalbox.Protocol.Tests.Commands.CommandDriver;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandKeyTests
{
    [Theory]
    [InlineData("\"news\"", "news")]
    [InlineData("\"\"", "")]
    [InlineData("\"ключ\"", "ключ")]
    [InlineData("\"a\\/b\\u0020\\ud83d\\ude00\\\\\"", "a/b 😀\\")]
    [InlineData("\"\\b\\f\\n\\r\\t\\\"\\u0000\"", "\b\f\n\r\t\"\0")]
    [InlineData("7", "7")]
    [InlineData("-7", "-7")]
    [InlineData("-0", "0")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    public void One_key_is_its_text(string raw, string text)
    {
        var command = With($"\"key\": {raw} ");

        Assert.Equal(KeyKind.One, command.KeyKind);
        Assert.Equal(1, command.KeyCount);
        Assert.Equal(text, command.Key.Text());
        Assert.Equal([text], command.KeyTexts());
        Assert.Equal(raw, command.RawKey.Text());
    }

    [Fact]
    public void Many_keys_come_in_their_order()
    {
        var command = With("""
            "key": [ "a\/b", 7, "", "plain", -0 ]
            """);

        Assert.Equal(KeyKind.Many, command.KeyKind);
        Assert.Equal(5, command.KeyCount);
        Assert.Equal(["a/b", "7", "", "plain", "0"], command.KeyTexts());
        Assert.Equal("""[ "a\/b", 7, "", "plain", -0 ]""", command.RawKey.Text());
    }

    [Fact]
    public void An_array_without_keys_is_many_and_none()
    {
        var command = With("\"key\":[]");

        Assert.Equal(KeyKind.Many, command.KeyKind);
        Assert.Equal(0, command.KeyCount);
        Assert.Empty(command.KeyTexts());
    }

    [Theory]
    [InlineData("\"x\":1")]
    [InlineData("\"key\":null")]
    [InlineData("\"key\":\"a\",\"key\":null")]
    public void No_key_and_null_are_missing(string fields)
    {
        var command = With(fields);

        Assert.Equal(KeyKind.Missing, command.KeyKind);
        Assert.Equal(0, command.KeyCount);
        Assert.True(command.RawKey.IsEmpty);
        Assert.Empty(command.KeyTexts());
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\\ud800\\n\"")]
    [InlineData("[\"a\",1.5]")]
    [InlineData("[null]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[{\"a\":\"b\"},\"a\"]")]
    [InlineData("[\"\\ud83d\"]")]
    public void A_key_that_is_no_name_is_bad(string raw)
    {
        var command = With($"\"key\":{raw},\"seq\":1");

        Assert.Equal(KeyKind.Bad, command.KeyKind);
        Assert.Equal(0, command.KeyCount);
        Assert.Empty(command.KeyTexts());
        Assert.Equal("1", command.RawSeq.Text());
    }

    [Fact]
    public void Unescaped_keys_stay_good_while_others_are_unescaped()
    {
        // Far more than one scratch buffer holds.
        var names = Enumerable.Range(0, 500).Select(i => $"level/{i}").ToArray();
        var command = With($"\"key\":[{string.Join(',', names.Select(name => $"\"{name.Replace("/", "\\/")}\""))}]");

        var keys = command.Keys;
        keys.MoveNext();
        var first = keys.Current;
        var rest = new List<string>();
        while (keys.MoveNext()) rest.Add(keys.Current.Text());

        Assert.Equal("level/0", first.Text());
        Assert.Equal(names[1..], rest);
    }
}
