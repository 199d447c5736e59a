using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>How the fields of a record come into its buffer.</summary>
public sealed class RecordWriterTests
{
    [Fact]
    public void There_is_room_for_what_is_absent_however_full_the_buffer_is()
    {
        for (var length = 200; length < 600; length++)
        {
            for (var absent = 0; absent < 3; absent++)
            {
                var writer = new RecordWriter();
                writer.Blob(new byte[length]);
                for (var i = 0; i < absent; i++) writer.Absent();
                writer.Byte(9);

                var record = writer.Seal(version: 1, tag: (BinaryTag)5);

                // In front: version, tag, two bytes of its length and two of the blob's.
                Assert.Equal([1, 5], record[..2].ToArray());
                Assert.Equal(6 + length + absent + 1, record.Length);
                Assert.Equal([.. Enumerable.Repeat((byte)0, absent), 9], record[^(absent + 1)..].ToArray());
            }
        }
    }
}
