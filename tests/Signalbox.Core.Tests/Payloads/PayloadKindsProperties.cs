using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Payloads;

public sealed class PayloadKindsProperties
{
    private static readonly Config ManyTests = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    // Pieces that make JSON, nearly make it, or break it.
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", ",", ":", "1", "-", ".5", "e9", "true", "null", " ", "a", "\n", "ü", "\\u00e4"];

    [Fact]
    public void The_kind_is_what_a_whole_parse_finds() =>
        Prop.ForAll<byte[]>(script =>
        {
            var text = string.Concat(script.Take(6).Select(code => Pieces[code % Pieces.Length]));
            var bytes = Encoding.UTF8.GetBytes(text);

            return PayloadKinds.Of(bytes) == (Parses(bytes) ? PayloadKind.Json : PayloadKind.Text);
        }).Check(ManyTests);

    [Fact]
    public void Any_bytes_have_a_kind_and_only_those_that_are_not_UTF8_are_binary() =>
        Prop.ForAll<byte[]>(bytes => PayloadKinds.Of(bytes) == PayloadKind.Binary == !Utf8.IsValid(bytes))
            .Check(ManyTests);

    private static bool Parses(byte[] bytes)
    {
        try
        {
            JsonDocument.Parse(bytes).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
