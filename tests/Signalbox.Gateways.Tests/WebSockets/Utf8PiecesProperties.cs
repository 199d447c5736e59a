using FsCheck;
using FsCheck.Fluent;
using System.Text;
using System.Text.Unicode;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class Utf8PiecesProperties
{
    // Bounds of what may follow a first byte, and one beyond each.
    private static readonly byte[] Bytes =
        [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF];

    private static readonly byte[] Continuations = [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF];

    [Fact]
    public void However_text_is_cut_it_is_text() =>
        Prop.ForAll<string, byte[]>((text, cuts) =>
        {
            // A lone surrogate, which FsCheck likes, becomes the replacement character.
            var bytes = Encoding.UTF8.GetBytes((text ?? "") + "é€😀");

            Assert.Equal((-1, true), Judge(bytes, cuts));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_bytes_come_they_are_refused_in_the_piece_with_the_first_that_cannot_be_text() =>
        Prop.ForAll<byte[], byte[]>((picks, cuts) =>
        {
            byte[] bytes = [.. picks.Select(pick => Bytes[pick % Bytes.Length])];
            var bad = Enumerable.Range(0, bytes.Length).Select(n => (int?)n).FirstOrDefault(n => !MayBegin(bytes[..(n!.Value + 1)]));

            Assert.Equal((bad ?? -1, Utf8.IsValid(bytes)), Judge(bytes, [.. Enumerable.Repeat((byte)1, bytes.Length)]));
            Assert.Equal(Utf8.IsValid(bytes), Judge(bytes, cuts).IsText);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("ED A0", 1, "a surrogate")]
    [InlineData("F4 90", 1, "beyond the last character")]
    [InlineData("E0 9F", 1, "longer than it must be")]
    [InlineData("C1", 0, "longer than it must be")]
    [InlineData("F5", 0, "beyond the last character")]
    [InlineData("CE BA E1 80 20", 4, "a character that ends too soon")]
    public void What_no_text_has_is_refused_at_the_first_byte_of_it(string bytes, int at, string what)
    {
        var all = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));

        Assert.True(Judge(all, [1, 1, 1, 1, 1]) == (at, false), what);
        Assert.False(Judge(all, []).IsText, what);
    }

    [Fact]
    public void Text_that_ends_within_a_character_is_not_whole() => Assert.Equal((-1, false), Judge([0x61, 0xE2, 0x82], []));

    private static (int RefusedIn, bool IsText) Judge(byte[] bytes, byte[] cuts)
    {
        var pieces = default(Utf8Pieces);
        var index = 0;
        foreach (var cut in cuts.Append(byte.MaxValue).Select(cut => Math.Min(cut, bytes.Length)))
        {
            if (!pieces.Add(bytes.AsSpan(0, cut))) return (index, false);
            bytes = bytes[cut..];
            index++;
        }

        return (pieces.Add(bytes) ? -1 : index, pieces.IsWhole);
    }

    // By trying what may come behind it.
    private static bool MayBegin(byte[] bytes) => Utf8.IsValid(bytes) || Ends(bytes, 3).Any(whole => Utf8.IsValid(whole));

    private static IEnumerable<byte[]> Ends(byte[] bytes, int most) =>
        most == 0 ? [] : Continuations.SelectMany(next => Ends([.. bytes, next], most - 1).Prepend([.. bytes, next]));
}
