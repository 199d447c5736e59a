using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Framing;

namespace Signalbox.Protocol.Tests.Errors;

public sealed class ErrorTableTests
{
    // Clients are written against these. A line may be added; none may change.
    [Theory]
    [InlineData("no_command", 710, 400)]
    [InlineData("unknown_command", 720, 404)]
    [InlineData("no_data", 730, 400)]
    [InlineData("limit_exceeded", 740, 413)]
    [InlineData("no_seq", 750, 400)]
    [InlineData("malformed", 760, 400)]
    [InlineData("bad_key", 770, 400)]
    [InlineData("unauthorized", 401, 401)]
    [InlineData("forbidden", 403, 403)]
    [InlineData("conflict", 409, 409)]
    [InlineData("history_gone", 410, 410)]
    [InlineData("rate_limited", 429, 429)]
    [InlineData("internal_error", 500, 500)]
    [InlineData("unavailable", 503, 503)]
    public void Names_and_numbers_never_change(string name, int number, int httpStatus)
    {
        var entry = ErrorTable.Of((ErrorCode)number);

        Assert.Equal(name, entry.Name);
        Assert.Equal(number, (int)entry.Code);
        Assert.Equal(httpStatus, entry.HttpStatus);
    }

    [Fact]
    public void Every_code_has_its_line_and_every_name_is_its_own()
    {
        Assert.Equal(Enum.GetValues<ErrorCode>().Order(), ErrorTable.All.Select(entry => entry.Code).Order());
        Assert.Equal(ErrorTable.All.Count, ErrorTable.All.Select(entry => entry.Name).Distinct().Count());
        Assert.Equal(14, ErrorTable.All.Count);
    }

    [Fact]
    public void Every_line_is_good_on_every_protocol() =>
        Assert.All(ErrorTable.All, entry =>
        {
            Assert.InRange(entry.HttpStatus, 400, 599);
            Assert.True(entry.MqttReason >= 0x80, "MQTT reasons below 0x80 say that all is well.");
            Assert.True(
                entry.WebSocketClose is 1007 or 1008 or 1009 or 1011 or 1013
                    || entry.WebSocketClose == 4000 + (int)entry.Code,
                "A close code is the standard's, or ours.");
            Assert.EndsWith(".", entry.Sentence, StringComparison.Ordinal);
        });

    [Fact]
    public void Only_what_the_client_cannot_mend_is_worth_a_retry() =>
        Assert.Equal(
            [ErrorCode.RateLimited, ErrorCode.InternalError, ErrorCode.Unavailable],
            ErrorTable.All.Where(entry => entry.Retry).Select(entry => entry.Code).Order());

    [Fact]
    public void Only_strangers_and_faults_of_ours_always_end_the_connection() =>
        Assert.Equal(
            [ErrorCode.Unauthorized, ErrorCode.InternalError],
            ErrorTable.All.Where(entry => entry.Close).Select(entry => entry.Code).Order());

    [Fact]
    public void What_cannot_be_read_has_its_error()
    {
        Assert.Equal(ErrorCode.Malformed, ErrorTable.CodeOf(CommandReadStatus.NotAnObject));
        Assert.Equal(ErrorCode.NoData, ErrorTable.CodeOf(CommandReadStatus.Empty));
        Assert.Equal(ErrorCode.NoCommand, ErrorTable.CodeOf(CommandReadStatus.NoCommand));
        Assert.Equal(ErrorCode.UnknownCommand, ErrorTable.CodeOf(CommandReadStatus.UnknownCommand));
        Assert.Equal(ErrorCode.Malformed, ErrorTable.CodeOf(FrameStatus.TooShort));
        Assert.Equal(ErrorCode.LimitExceeded, ErrorTable.CodeOf(FrameStatus.TooLarge));
    }
}
