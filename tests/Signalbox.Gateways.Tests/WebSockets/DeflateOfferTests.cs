using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class DeflateOfferTests
{
    [Theory]
    [InlineData("permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits")]
    [InlineData("permessage-deflate; client_max_window_bits=15; server_no_context_takeover")]
    [InlineData("permessage-deflate;client_no_context_takeover;server_no_context_takeover")]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate")]
    [InlineData("x-webkit-deflate-frame, permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits=\"12\"")]
    public void What_we_can_do_is_accepted(string offers) => Assert.True(DeflateOffer.IsIn(offers));

    [Theory]
    [InlineData("")]
    [InlineData("permessage-bzip2")]
    [InlineData("permessage-deflate; server_max_window_bits=10")]
    [InlineData("permessage-deflate; client_max_window_bits=7")]
    [InlineData("permessage-deflate; client_max_window_bits=16")]
    [InlineData("permessage-deflate; client_max_window_bits=x")]
    [InlineData("permessage-deflate; server_no_context_takeover=1")]
    [InlineData("permessage-deflate; server_no_context_takeover; server_no_context_takeover")]
    [InlineData("permessage-deflate; something_new")]
    public void What_we_cannot_do_or_do_not_know_is_declined(string offers) => Assert.False(DeflateOffer.IsIn(offers));
}
