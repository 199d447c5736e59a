using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Gateways.Sse;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>What clients send as an id is anything; what we send reads back, and is bounded.</summary>
public sealed class SseIdProperties
{
    private const int MaxIdBytes = 300;

    [Fact]
    public void Any_text_is_read_or_is_none() =>
        Prop.ForAll<string>(text => SseId.Read(text ?? "") is null or { Count: >= 0 }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_of_our_own_marks_is_read_or_is_none() =>
        Prop.ForAll<byte[]>(script =>
        {
            const string marks = "a0-9:,%2F/Z%00é ";
            var text = string.Concat(script.Select(one => marks[one % marks.Length]));

            foreach (var (name, position) in SseId.Read(text) ?? [])
            {
                Assert.True(name == SseId.OnlyChannel || Name.IsValid(name));
                Assert.True(position is { Epoch.Length: > 0, Offset: >= 0 });
            }
        }).QuickCheckThrowOnFailure();

    // A byte is a message: four bits say of which channel, one whether its numbering begins anew, the rest how far it goes.
    [Fact]
    public void The_id_says_of_every_channel_it_has_room_for_where_the_stream_is() =>
        Prop.ForAll<byte[]>(script =>
        {
            var positions = new SsePositions(MaxIdBytes, isChunked: false);
            var model = new Dictionary<string, ChannelPosition>();
            positions.Begin("asked", new ChannelPosition("e", 5), isAsked: true);
            model["asked"] = new ChannelPosition("e", 5);
            foreach (var one in script)
            {
                var name = NameOf(one & 15);
                var (epoch, offset) = model.GetValueOrDefault(name, new ChannelPosition("e-,:é", 0));
                if ((one & 16) != 0) (epoch, offset) = (epoch + "x", 0);
                offset += 1 + (one >> 5) * 7;

                Assert.True(positions.TryMove(name, epoch, offset));
                model[name] = new ChannelPosition(epoch, offset);

                Assert.False(positions.TryMove(name, epoch, offset));
                Check(Encoding.ASCII.GetString(positions.Line), name, model);
            }
        }).QuickCheckThrowOnFailure();

    private static void Check(string line, string moved, Dictionary<string, ChannelPosition> model)
    {
        Assert.StartsWith("id: ", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.InRange(line.Length, 1, MaxIdBytes + "id: \n".Length);

        var read = SseId.Read(line[4..^1])!; // It is one of ours.
        Assert.Equal(model["asked"], read["asked"]);
        Assert.Equal(model[moved], read[moved]);
        Assert.All(read, entry => Assert.Equal(model[entry.Key], entry.Value));
    }

    private static string NameOf(int number) => number switch
    {
        0 => "asked",
        1 => "a:b,c-d/é %",
        2 => "$kv/x",
        _ => $"sensors/{number}/temp",
    };
}
