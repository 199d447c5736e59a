using System.Buffers;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>What no client may send is seen in the header, before anything behind it has come.</summary>
public sealed class WebSocketFrameCodecTests
{
    [Theory]
    [InlineData("81 00", "no mask")]
    [InlineData("81 05 68 65 6C 6C 6F", "no mask")]
    [InlineData("91 80", "RSV3")]
    [InlineData("A1 80", "RSV2")]
    [InlineData("C1 80", "RSV1 where nothing was agreed upon")]
    [InlineData("83 80", "opcode 3")]
    [InlineData("87 80", "opcode 7")]
    [InlineData("8B 80", "opcode 11")]
    [InlineData("8F 80", "opcode 15")]
    [InlineData("09 80", "a ping in fragments")]
    [InlineData("08 80", "a close in fragments")]
    [InlineData("89 FE", "a long ping")]
    [InlineData("88 FF", "a longer close")]
    [InlineData("81 FE 00 7D", "16 bits for what fits into 7")]
    [InlineData("81 FF 00 00 00 00 00 00 FF FF", "64 bits for what fits into 16")]
    [InlineData("81 FF 80 00 00 00 00 00 00 00", "64 bits, and the first is set")]
    public void What_the_protocol_forbids_is_a_protocol_error(string bytes, string what)
    {
        Assert.True(Read(bytes, room: 1000, mayCompress: false) == WebSocketFrameStatus.ProtocolError, what);
    }

    [Theory]
    [InlineData("C1 80", WebSocketFrameStatus.NeedMoreData)]
    [InlineData("C2 80", WebSocketFrameStatus.NeedMoreData)]
    [InlineData("C0 80", WebSocketFrameStatus.ProtocolError)]
    [InlineData("C9 80", WebSocketFrameStatus.ProtocolError)]
    public void Where_compression_was_agreed_upon_it_is_said_by_the_first_frame_of_a_message(string bytes, object expected)
    {
        Assert.Equal(expected, Read(bytes, room: 1000, mayCompress: true));
    }

    [Theory]
    [InlineData("81 FE 03 E9")]
    [InlineData("81 FF 00 00 00 00 00 01 00 00")]
    [InlineData("81 FF 7F FF FF FF FF FF FF FF")]
    [InlineData("82 FE FF FF")]
    public void A_length_above_the_limit_is_too_large_before_its_payload_comes(string bytes)
    {
        Assert.Equal(WebSocketFrameStatus.TooLarge, Read(bytes, room: 1000, mayCompress: false));
    }

    [Fact]
    public void Control_frames_may_come_where_there_is_no_room_for_data()
    {
        Assert.Equal(WebSocketFrameStatus.Complete, Read("89 81 00 00 00 00 61", room: 0, mayCompress: false));
        Assert.Equal(WebSocketFrameStatus.TooLarge, Read("80 81 00 00 00 00 61", room: 0, mayCompress: false));
        Assert.Equal(WebSocketFrameStatus.Complete, Read("80 80 00 00 00 00", room: 0, mayCompress: false));
    }

    private static WebSocketFrameStatus Read(string bytes, int room, bool mayCompress)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        var before = buffer.Length;
        var status = WebSocketFrameCodec.TryRead(ref buffer, room, mayCompress, out _);
        Assert.True(status == WebSocketFrameStatus.Complete || buffer.Length == before);
        return status;
    }
}
