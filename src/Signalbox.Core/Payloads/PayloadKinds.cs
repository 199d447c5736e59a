using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Signalbox.Core.Payloads;

/// <summary>Finds out what raw bytes are, where they come in on a protocol that does not say it.</summary>
public static class PayloadKinds
{
    /// <summary>
    /// Deeper than this is text: what one peer nests, every JSON reader behind us would have to follow.
    /// </summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> BytesOfNumbers = SearchValues.Create("0123456789+-.eE"u8);

    public static PayloadKind Of(ReadOnlySpan<byte> bytes)
    {
        // The JSON reader looks into strings only as far as it must, so the encoding is settled first.
        if (!Utf8.IsValid(bytes)) return PayloadKind.Binary;

        return LooksLikeJson(bytes) && IsJson(bytes) ? PayloadKind.Json : PayloadKind.Text;
    }

    /// <summary>Whether it begins and ends as a JSON value does.</summary>
    /// <remarks>
    /// The reader says no by an exception, which costs thousands of times as much as this look, and a device that sends
    /// plain text sends it all day.
    /// </remarks>
    private static bool LooksLikeJson(ReadOnlySpan<byte> bytes) => bytes.Trim(" \t\r\n"u8) switch
    {
        [(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'] or [(byte)'"', .., (byte)'"'] => true,
        [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] number => !number.ContainsAnyExcept(BytesOfNumbers),
        var word => word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8),
    };

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        // The reader takes exactly one value, no comment and no trailing comma, unless it is told otherwise.
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
