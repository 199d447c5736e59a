using Signalbox.Protocol.Commands;
using static Signalbox.Protocol.Tests.Commands.CommandDriver;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("[{\"command\":\"ping\"}]")]
    [InlineData("{")]
    [InlineData("{\"command\":\"ping\"")]
    [InlineData("{\"command\":\"ping\",}")]
    [InlineData("{\"command\":\"ping\"}}")]
    [InlineData("{\"command\":\"ping\"}{}")]
    [InlineData("{\"command\":\"ping\"/**/}")]
    [InlineData("{'command':'ping'}")]
    [InlineData("{\"command\":\"pi\nng\"}")]
    [InlineData("{\"command\":\"\\x\"}")]
    [InlineData("{\"command\":\"ping\",\"priority\":01}")]
    [InlineData("\uFEFF{\"command\":\"ping\"}")]
    public void What_is_not_one_json_object_is_not_an_object(string body) =>
        Assert.Equal(CommandReadStatus.NotAnObject, new Command().Read(body));

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public void A_body_that_is_not_utf8_is_not_an_object(byte[] bad)
    {
        byte[] body = [.. "{\"command\":\"set\",\"key\":\""u8, .. bad, .. "\"}"u8];

        Assert.Equal(CommandReadStatus.NotAnObject, new Command().Read(body));
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_too_deep()
    {
        Assert.Equal(CommandReadStatus.Ok, new Command().Read(Nested(63)));
        Assert.Equal(CommandReadStatus.NotAnObject, new Command().Read(Nested(64)));
    }

    [Fact]
    public void An_object_without_fields_is_empty() =>
        Assert.Equal(CommandReadStatus.Empty, new Command().Read(" { } "));

    [Theory]
    [InlineData("{\"seq\":1}")]
    [InlineData("{\"unknown\":1}")]
    [InlineData("{\"command\":\"\"}")]
    [InlineData("{\"command\":null}")]
    [InlineData("{\"command\":7}")]
    [InlineData("{\"command\":[\"ping\"]}")]
    [InlineData("{\"command\":\"\\ud800\"}")]
    public void An_object_without_a_name_in_it_has_no_command(string body) =>
        Assert.Equal(CommandReadStatus.NoCommand, new Command().Read(body));

    [Theory]
    [InlineData("{\"command\":\"Ping\"}")]
    [InlineData("{\"command\":\"pong\"}")]
    [InlineData("{\"command\":\"unsubscribe from everything\"}")]
    public void A_name_that_nobody_has_is_an_unknown_command(string body)
    {
        var command = new Command();

        Assert.Equal(CommandReadStatus.UnknownCommand, command.Read(body));
        Assert.Equal(CommandName.None, command.Name);
    }

    [Fact]
    public void Names_may_be_escaped()
    {
        var command = Good("""{"\u0063\u006f\u006d\u006d\u0061\u006e\u0064":"s\u0065t","k\u0065y":"a"}""");

        Assert.Equal(CommandName.Set, command.Name);
        Assert.Equal("a", command.Key.Text());
    }

    [Fact]
    public void A_command_is_repeated_as_it_was_sent() =>
        Assert.Equal("\"broadcat\"", Good("""{ "command" : "broadcat" }""").RawCommand.Text());

    [Fact]
    public void Unknown_fields_are_skipped_whatever_they_hold()
    {
        var command = Good(
            """{"x":{"key":"a","seq":[1]},"\ud800":[[]],"":"command","command":"get","y":"seq","key":"k"}""");

        Assert.Equal(CommandName.Get, command.Name);
        Assert.Equal("k", command.Key.Text());
        Assert.Equal(SeqKind.Missing, command.SeqKind);
    }

    [Fact]
    public void Of_a_repeated_field_the_last_counts()
    {
        var command = Good("""{"command":7,"key":["a","b"],"seq":1,"command":"get","key":"k","seq":2}""");

        Assert.Equal(CommandName.Get, command.Name);
        Assert.Equal(["k"], command.KeyTexts());
        Assert.Equal("2", command.RawSeq.Text());
    }

    [Fact]
    public void A_command_forgets_the_one_before()
    {
        var command = Good("""{"command":"set","key":["a"],"value":1,"seq":1,"ttl":5}""");

        command.Read("""{"command":"ping"}""");

        Assert.Equal(CommandName.Ping, command.Name);
        Assert.Equal(KeyKind.Missing, command.KeyKind);
        Assert.Empty(command.KeyTexts());
        Assert.Equal(ValueKind.Missing, command.ValueKind);
        Assert.Equal(SeqKind.Missing, command.SeqKind);
        Assert.True(command.TryGetInt64(CommandField.Ttl, out _, out var isPresent));
        Assert.False(isPresent);
    }

    [Fact]
    public void Reading_a_set_allocates_nothing()
    {
        var command = new Command();
        var body = """{"command":"set","key":"a\/b","value":"a text","expire":0,"if":"absent","seq":"1"}"""u8.ToArray();
        ReadAndAsk(command, body);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) ReadAndAsk(command, body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    private static void ReadAndAsk(Command command, byte[] body)
    {
        command.Read(body);
        foreach (var key in command.Keys) _ = key.Length;
        _ = command.Key;
        _ = command.RawSeq;
        command.TryGetInt64(CommandField.Expire, out _, out _);
        command.TryGetText(CommandField.If, out _, out _);
    }

    private static string Nested(int depth) =>
        $$"""{"command":"set","value":{{new string('[', depth)}}{{new string(']', depth)}}}""";
}
