using Signalbox.Protocol.Commands;
using static Signalbox.Protocol.Tests.Commands.CommandDriver;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandSeqTests
{
    [Theory]
    [InlineData("\"17\"")]
    [InlineData("17")]
    [InlineData("1.50e3")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("\"\\u0041\\ud800\"")]
    public void A_seq_is_echoed_as_it_was_sent(string raw)
    {
        var command = With($"\"seq\" : {raw} ");

        Assert.Equal(SeqKind.Present, command.SeqKind);
        Assert.Equal(raw, command.RawSeq.Text());
    }

    [Theory]
    [InlineData("\"x\":1")]
    [InlineData("\"seq\":null")]
    [InlineData("\"seq\":\"\"")]
    public void No_seq_and_an_empty_one_are_missing(string fields)
    {
        var command = With(fields);

        Assert.Equal(SeqKind.Missing, command.SeqKind);
        Assert.True(command.RawSeq.IsEmpty);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void A_seq_that_cannot_be_compared_is_bad(string raw)
    {
        var command = With($"\"seq\":{raw}");

        Assert.Equal(SeqKind.Bad, command.SeqKind);
        Assert.True(command.RawSeq.IsEmpty);
    }

    [Theory]
    [InlineData("{\"seq\":9}")]
    [InlineData("{\"seq\":9,\"command\":\"nothing\"}")]
    [InlineData("{\"seq\":9,\"command\":\"get\",\"key\":}")]
    [InlineData("{\"seq\":9,\"command\":\"get\",\"key\":[\"a\",\"b")]
    [InlineData("{\"seq\":9} {")]
    public void The_seq_of_a_failed_command_is_there_when_it_could_be_read(string body)
    {
        var command = new Command();

        Assert.NotEqual(CommandReadStatus.Ok, command.Read(body));
        Assert.Equal("9", command.RawSeq.Text());
        Assert.Empty(command.KeyTexts());
    }

    [Theory]
    [InlineData("{\"command\":\"get\",\"seq\":\"9")]
    [InlineData("{\"command\":\"get\",\"seq\":[1,")]
    public void Half_a_seq_is_none(string body)
    {
        var command = new Command();

        Assert.Equal(CommandReadStatus.NotAnObject, command.Read(body));
        Assert.True(command.RawSeq.IsEmpty);
    }
}
