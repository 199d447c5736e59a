using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Sse;

namespace Signalbox.Gateways.Tests.Sse;

public sealed class SseIdTests
{
    [Fact]
    public void The_id_of_one_channel_is_short() =>
        Assert.Equal(new ChannelPosition("3f9a", 17), Assert.Single(SseId.Read("3f9a-17")!).Value); // It can be read.

    [Theory]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("-17")]
    [InlineData("3f9a-")]
    [InlineData("3f9a-+1")]
    [InlineData("3f9a-17,")]
    [InlineData(":3f9a-17")]
    [InlineData("news:-17")]
    [InlineData("3f9a-99999999999999999999")]
    [InlineData("%00:3f9a-17")]
    public void What_is_no_id_is_no_id(string text) => Assert.Null(SseId.Read(text));

    [Fact]
    public void A_text_that_is_too_long_is_not_looked_at() =>
        Assert.Null(SseId.Read(string.Join(',', Enumerable.Repeat("a:3f9a-17", SseId.MaxBytes / 9))));

    [Fact]
    public void A_stream_that_has_seen_nothing_has_an_id_all_the_same()
    {
        var line = Encoding.ASCII.GetString(new SsePositions(300, isChunked: false).Line);

        Assert.Empty(SseId.Read(line["id: ".Length..^1])!); // It can be read.
    }

    [Fact]
    public void Beyond_the_bound_the_channel_that_spoke_longest_ago_is_left_out_and_none_that_was_asked_for()
    {
        var positions = new SsePositions(maxIdBytes: 30, isChunked: false);
        positions.Begin("asked", new ChannelPosition("e", 1), isAsked: true);
        positions.TryMove("one", "e", 1);
        positions.TryMove("two", "e", 1);
        positions.TryMove("one", "e", 2);

        positions.TryMove("three", "e", 9);

        Assert.Equal("id: asked:e-1,one:e-2,three:e-9\n", Encoding.ASCII.GetString(positions.Line));
    }

    [Fact]
    public void An_offset_that_gets_longer_moves_what_is_behind_it()
    {
        var positions = new SsePositions(maxIdBytes: 300, isChunked: false);
        positions.Begin("a", new ChannelPosition("e", 9), isAsked: true);
        positions.Begin("b", new ChannelPosition("e", 7), isAsked: true);

        positions.TryMove("a", "e", 10);
        positions.TryMove("b", "e", 8);

        Assert.Equal("id: a:e-10,b:e-8\n", Encoding.ASCII.GetString(positions.Line));
    }
}
