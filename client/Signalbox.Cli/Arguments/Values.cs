using System.Text;
using System.Text.Unicode;
using Signalbox.Client;

namespace Signalbox.Cli.Arguments;

/// <summary>
/// What a VALUE on the command line stands for: JSON where it is valid JSON, else text; from stdin also any bytes.
/// </summary>
internal static class Values
{
    private const string StandardInput = "-";

    public static async Task<Payload> ReadAsync(string value, bool asText, Stream input, CancellationToken cancellationToken)
    {
        if (value != StandardInput) return Of(Encoding.UTF8.GetBytes(value), asText);

        using var bytes = new MemoryStream();
        await input.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return Of(bytes.ToArray().AsMemory(), asText, fromInput: true);
    }

    private static Payload Of(ReadOnlyMemory<byte> bytes, bool asText, bool fromInput = false)
    {
        if (fromInput && !Utf8.IsValid(bytes.Span)) return Payload.FromBinary(bytes);

        // What echo adds is not part of the value.
        if (fromInput && bytes.Span is [.., (byte)'\n']) bytes = bytes[..^1];
        if (fromInput && bytes.Span is [.., (byte)'\r']) bytes = bytes[..^1];
        if (asText) return Text(bytes);

        try
        {
            return Payload.FromJson(bytes);
        }
        catch (ArgumentException)
        {
            return Text(bytes);
        }
    }

    private static Payload Text(ReadOnlyMemory<byte> utf8) => Payload.FromText(Encoding.UTF8.GetString(utf8.Span));
}
