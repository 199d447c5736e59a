using System.Buffers;
using Signalbox.Core.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Tests.Log;

/// <summary>One entry of the log, from and to bytes.</summary>
public sealed class EntryCodecTests
{
    private static readonly KeyRemoved Fact = new(7, KeyRemovalReason.Deleted);

    [Theory]
    [InlineData("x", 255)]
    [InlineData("ü", 127)]
    [InlineData("長", 85)]
    public void A_name_of_any_length_is_read_as_it_was_written(string letter, int most)
    {
        for (var count = 1; count <= most; count++)
        {
            var name = string.Concat(Enumerable.Repeat(letter, count));
            var output = new ArrayBufferWriter<byte>();
            foreach (var mark in Enum.GetValues<EntryMark>()) EntryCodec.Write(output, Entry(name, mark));

            var body = output.WrittenSpan;
            foreach (var mark in Enum.GetValues<EntryMark>())
            {
                Assert.True(EntryCodec.TryRead(ref body, out var read));
                Assert.Equal(Entry(name, mark), read);
            }

            Assert.True(body.IsEmpty);
        }
    }

    [Fact]
    public void No_beginning_of_an_entry_is_one()
    {
        var output = new ArrayBufferWriter<byte>();
        EntryCodec.Write(output, Entry(new string('x', 130), EntryMark.None));

        for (var length = 0; length < output.WrittenCount; length++)
        {
            var body = output.WrittenSpan[..length];
            Assert.False(EntryCodec.TryRead(ref body, out _));
        }
    }

    private static LogEntry Entry(string name, EntryMark mark) => new(MachineKind.HashKey, name, Fact, mark, Core.Storage.Durability.Always);
}
