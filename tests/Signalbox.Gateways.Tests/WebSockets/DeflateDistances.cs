namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>
/// Reads deflate (RFC 1951) for how far back it refers: what a client with a small window can expand is a question that
/// the framework, which always has the largest, does not answer.
/// </summary>
internal sealed class DeflateDistances
{
    private static readonly int[] LengthBits = [.. Enumerable.Range(0, 28).Select(code => code < 8 ? 0 : (code - 4) / 4), 0];
    private static readonly int[] CodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly byte[] _bytes;
    private int _at;
    private int _largest;

    private DeflateDistances(byte[] bytes) => _bytes = bytes;

    /// <returns>0 where it refers to nothing.</returns>
    public static int LargestIn(byte[] message)
    {
        // The sender leaves out the end of its last block.
        var reader = new DeflateDistances([.. message, 0x00, 0x00, 0xFF, 0xFF]);
        while (reader._at < reader._bytes.Length * 8) reader.ReadBlock();
        return reader._largest;
    }

    private void ReadBlock()
    {
        Assert.Equal(0, Bits(1)); // A message has no last block.
        switch (Bits(2))
        {
            case 0:
                _at = (_at + 7) / 8 * 8;
                var length = Bits(16);
                Assert.Equal(0xFFFF, length + Bits(16));
                _at += length * 8;
                break;

            case 1:
                int[] lengths = [.. Enumerable.Repeat(8, 144), .. Enumerable.Repeat(9, 112), .. Enumerable.Repeat(7, 24), .. Enumerable.Repeat(8, 8)];
                ReadCodes(Codes(lengths), Codes([.. Enumerable.Repeat(5, 30)]));
                break;

            case 2:
                var (literals, distances, codes) = (Bits(5) + 257, Bits(5) + 1, Bits(4) + 4);
                var lengthsOfCodes = new int[19];
                for (var i = 0; i < codes; i++) lengthsOfCodes[CodeOrder[i]] = Bits(3);
                var all = Lengths(Codes(lengthsOfCodes), literals + distances);
                ReadCodes(Codes(all[..literals]), Codes(all[literals..]));
                break;

            default:
                throw new InvalidDataException("There is no such block.");
        }
    }

    private void ReadCodes(Dictionary<(int, int), int> literals, Dictionary<(int, int), int> distances)
    {
        const int blockEnd = 256;
        for (int symbol; (symbol = Symbol(literals)) != blockEnd;)
        {
            if (symbol < blockEnd) continue;

            Bits(LengthBits[symbol - blockEnd - 1]);
            var code = Symbol(distances);
            var extra = Math.Max(0, (code / 2) - 1);
            var distance = code < 4 ? code + 1 : 1 + ((2 + (code % 2)) << extra) + Bits(extra);
            _largest = Math.Max(_largest, distance);
        }
    }

    private int[] Lengths(Dictionary<(int, int), int> codes, int count)
    {
        List<int> lengths = [];
        while (lengths.Count < count)
        {
            var symbol = Symbol(codes);
            var (value, times) = symbol switch
            {
                16 => (lengths[^1], 3 + Bits(2)),
                17 => (0, 3 + Bits(3)),
                18 => (0, 11 + Bits(7)),
                _ => (symbol, 1),
            };
            lengths.AddRange(Enumerable.Repeat(value, times));
        }

        return [.. lengths];
    }

    // Codes of the same length follow each other, and the longer ones the shorter.
    private static Dictionary<(int Length, int Code), int> Codes(int[] lengths)
    {
        Dictionary<(int, int), int> codes = [];
        for (int length = 1, code = 0; length <= 15; length++, code *= 2)
        {
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length) codes.Add((length, code++), symbol);
            }
        }

        return codes;
    }

    private int Symbol(Dictionary<(int, int), int> codes)
    {
        var code = 0;
        for (var length = 1; length <= 15; length++)
        {
            code = (code * 2) + Bits(1);
            if (codes.TryGetValue((length, code), out var symbol)) return symbol;
        }

        throw new InvalidDataException("There is no such code.");
    }

    private int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++, _at++) value |= ((_bytes[_at / 8] >> (_at % 8)) & 1) << i;
        return value;
    }
}
