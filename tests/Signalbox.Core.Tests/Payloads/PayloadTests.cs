using System.Text;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Payloads;

public sealed class PayloadTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\r\n", true)]
    [InlineData("\u00A0\u3000", true)]
    [InlineData("  a ", false)]
    [InlineData("ü", false)]
    [InlineData("\0", false)]
    public void A_payload_is_blank_where_it_is_empty_or_white_space(string text, bool isBlank)
    {
        var payload = new Payload(Encoding.UTF8.GetBytes(text), PayloadKind.Text);

        Assert.Equal(isBlank, payload.IsBlank);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_not_blank()
    {
        var payload = new Payload(new byte[] { (byte)' ', 0xC2 }, PayloadKind.Binary);

        Assert.False(payload.IsBlank);
    }

    [Fact]
    public void Payloads_are_equal_when_kind_and_bytes_are()
    {
        var payload = new Payload("21.5"u8.ToArray(), PayloadKind.Json);

        Assert.Equal(payload, new Payload("x21.5x"u8.ToArray().AsMemory(1, 4), PayloadKind.Json));
        Assert.NotEqual(payload, payload with { Kind = PayloadKind.Text });
        Assert.NotEqual(payload, new Payload("21.6"u8.ToArray(), PayloadKind.Json));
    }

    [Fact]
    public void Headers_are_equal_when_their_entries_are_in_the_same_order()
    {
        var headers = new Headers([new("a", "1"), new("b", "2")]);

        Assert.Equal(headers, new Headers([new("a", "1"), new("b", "2")]));
        Assert.NotEqual(headers, new Headers([new("b", "2"), new("a", "1")]));
        Assert.NotEqual(headers, Headers.None);
    }
}
