using System.Globalization;
using System.Text;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>Where reading begins: everything that counts is told from this position on.</summary>
/// <param name="Segment">The segment that holds the position <paramref name="From"/>.</param>
/// <param name="To">By this position everything had been told; machines that are not yet known may be met until then.</param>
/// <param name="Bytes">How much the telling wrote.</param>
public sealed record Checkpoint(long Segment, long From, long To, long Bytes)
{
    public const string FileName = "checkpoint";

    /// <summary>A log that has never told itself again is read from its beginning.</summary>
    public static readonly Checkpoint Beginning = new(Segment: 1, From: 1, To: 0, Bytes: 0);

    private const string Title = "signalbox checkpoint 1";

    public byte[] ToBytes()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Title}\nsegment {Segment}\nfrom {From}\nto {To}\nbytes {Bytes}\n");
        var checksum = Checksum.Of(Encoding.ASCII.GetBytes(text));
        return Encoding.ASCII.GetBytes($"{text}crc {checksum:x8}\n");
    }

    /// <returns>Null where the file is damaged.</returns>
    public static Checkpoint? Read(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes).Split('\n');
        if (lines.Length != 7 || lines[0] != Title) return null;

        var segment = Field(lines[1], "segment ");
        var from = Field(lines[2], "from ");
        var to = Field(lines[3], "to ");
        var size = Field(lines[4], "bytes ");
        if (segment is null || from is null || to is null || size is null) return null;

        var checkpoint = new Checkpoint(segment.Value, from.Value, to.Value, size.Value);
        return checkpoint.ToBytes().AsSpan().SequenceEqual(bytes) ? checkpoint : null;
    }

    private static long? Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
