using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class WebSocketCloseTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("03E8", 1000)]
    [InlineData("03E8 627965", 1000)]
    [InlineData("03E9", 1001)]
    [InlineData("0BB8", 3000)]
    [InlineData("1387", 4999)]
    public void A_good_close_frame_is_answered_with_its_own_code(string payload, int code) =>
        Assert.Equal(code, AnswerTo(payload));

    [Theory]
    [InlineData("03", 1002)]
    [InlineData("0000", 1002)]
    [InlineData("03E7", 1002)]
    [InlineData("03EC", 1002)]
    [InlineData("03ED", 1002)]
    [InlineData("03EE", 1002)]
    [InlineData("03F7", 1002)]
    [InlineData("07D0", 1002)]
    [InlineData("0BB7", 1002)]
    [InlineData("1388", 1002)]
    [InlineData("FFFF", 1002)]
    [InlineData("03E8 FF", 1007)]
    [InlineData("03E8 E282", 1007)]
    public void A_bad_one_is_answered_with_what_is_bad(string payload, int code) =>
        Assert.Equal(code, AnswerTo(payload));

    private static int AnswerTo(string payload) =>
        WebSocketClose.AnswerTo(Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))).Code;
}
