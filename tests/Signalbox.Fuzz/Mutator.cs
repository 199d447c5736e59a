namespace Signalbox.Fuzz;

/// <summary>Makes new inputs of kept ones. The same seed makes the same inputs.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private const int MostSteps = 6;
    private const int MostBytes = 8192;

    // What codecs stumble over, put in whole: random bytes alone hardly ever spell it.
    private static readonly byte[][] Words =
    [
        [.. "{"u8], [.. "}"u8], [.. "["u8], [.. "]"u8], [.. "\""u8], [.. "\\"u8], [.. ","u8], [.. ":"u8],
        [.. "\\ud800"u8], [.. "\\udc00"u8], [.. "\\ud83d\\ude00"u8], [.. "\\u0000"u8], [.. "\\/"u8], [.. "\\n"u8],
        [.. "null"u8], [.. "true"u8], [.. "-0"u8], [.. "1e3"u8], [.. "1.5"u8], [.. "9223372036854775807"u8],
        [.. "-9223372036854775809"u8], [.. "\"key\":"u8], [.. "\"seq\":1,"u8], [.. "\"value\":"u8], [.. "{}"u8],
        [.. "\"command\":\"set\","u8], [.. "\"encoding\":\"base64\","u8], [.. "//"u8], [.. "/**/"u8], [.. " \r\n\t"u8],
        [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0x00],
        // Heads of WebSocket frames.
        [0x81, 0x80, 0, 0, 0, 0], [0x81, 0x82, 1, 2, 3, 4, 5, 6],
        [0x01, 0x81, 0, 0, 0, 0, 7], [0x80, 0x81, 0, 0, 0, 0, 7],
        [0x89, 0x80, 0, 0, 0, 0], [0xC1, 0xFE], [0x41, 0x85], [0xFE, 0, 126], [0xFF, 0, 0, 0, 0, 0, 1, 0, 0],
        // Of MQTT: headers, lengths, properties, texts.
        [0x30, 0x07], [0x3D], [0x82, 0x0F], [0x10, 0x0D, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2],
        [0x80, 0x00], [0xFF, 0xFF, 0xFF, 0x7F], [0x23, 0, 1], [0x26, 0, 1, (byte)'n', 0, 1, (byte)'v'], [0x0B, 1],
        [0x1F, 0, 1, (byte)'!'], [0, 3, (byte)'a', (byte)'/', (byte)'b'], [(byte)'+'], [(byte)'#'], [.. "$share/g/"u8],
        [0, 0, 0, 4], [0, 0, 0, 5], [0, 0, 0x10, 0], [0, 0, 0x10, 1], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF],
        [.. Enumerable.Repeat((byte)'[', 65)],
    ];

    public byte[] Next()
    {
        List<byte> bytes = [.. Any(corpus)];
        for (var steps = random.Next(1, MostSteps + 1); steps > 0; steps--) Change(bytes);
        return [.. bytes.Take(MostBytes)];
    }

    private void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = random.Next(Math.Min(bytes.Count - at, 32) + 1);
        switch (random.Next(7))
        {
            case 0:
                bytes.InsertRange(at, Any(Words));
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.InsertRange(at, Any(corpus));
                break;
            case 5:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Any(Words));
                break;
            default:
                if (at < bytes.Count) bytes[at] ^= (byte)(1 << random.Next(8));
                break;
        }
    }

    private byte[] Any(IReadOnlyList<byte[]> choices) => choices[random.Next(choices.Count)];
}
