using Microsoft.Extensions.Primitives;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class DeflateAgreementTests
{
    private const string Plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    [Theory]
    [InlineData("permessage-deflate", null)]
    [InlineData("permessage-deflate; client_max_window_bits", null)]
    [InlineData("permessage-deflate; client_max_window_bits=15; server_no_context_takeover", null)]
    [InlineData("permessage-deflate;client_no_context_takeover;server_no_context_takeover", null)]
    [InlineData("permessage-deflate; client_max_window_bits=\"12\"", null)]
    [InlineData("permessage-deflate; server_max_window_bits=8", 8)]
    [InlineData("permessage-deflate; server_max_window_bits=9", 9)]
    [InlineData("permessage-deflate ;\tserver_max_window_bits = \"10\"; client_max_window_bits", 10)]
    [InlineData("permessage-deflate; server_max_window_bits=15", 15)]
    public void What_is_offered_well_is_agreed_upon_with_the_window_that_was_asked_for(string offer, int? window)
    {
        var agreement = DeflateAgreement.With(offer);

        Assert.Equal(window, agreement?.AskedWindow);
        Assert.Equal(window ?? 15, agreement?.Window);
        Assert.Equal(window is null ? Plain : $"{Plain}; server_max_window_bits={window}", agreement?.Answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("permessage-bzip2")]
    [InlineData("permessage-deflate; server_max_window_bits")]
    [InlineData("permessage-deflate; server_max_window_bits=")]
    [InlineData("permessage-deflate; server_max_window_bits=7")]
    [InlineData("permessage-deflate; server_max_window_bits=16")]
    [InlineData("permessage-deflate; server_max_window_bits=010")]
    [InlineData("permessage-deflate; server_max_window_bits=\"10")]
    [InlineData("permessage-deflate; server_max_window_bits=\"")]
    [InlineData("permessage-deflate; client_max_window_bits=7")]
    [InlineData("permessage-deflate; client_max_window_bits=16")]
    [InlineData("permessage-deflate; client_max_window_bits=x")]
    [InlineData("permessage-deflate; server_no_context_takeover=1")]
    [InlineData("permessage-deflate; something_new")]
    [InlineData("permessage-deflate;")]
    [InlineData("x; y=\", permessage-deflate, \"")]
    [InlineData("x; y=\"\\\", permessage-deflate, \"")]
    public void What_is_unknown_or_has_no_good_value_is_declined(string offers) => Assert.Null(DeflateAgreement.With(offers));

    [Theory]
    [InlineData("server_no_context_takeover; server_no_context_takeover")]
    [InlineData("client_no_context_takeover; client_max_window_bits; client_no_context_takeover")]
    [InlineData("client_max_window_bits; client_max_window_bits=10")]
    [InlineData("server_max_window_bits=10; server_max_window_bits=10")]
    [InlineData("server_max_window_bits=10; server_max_window_bits=12")]
    public void An_offer_with_a_parameter_twice_is_declined(string parameters) =>
        Assert.Null(DeflateAgreement.With($"permessage-deflate; {parameters}"));

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=7, permessage-deflate", null)]
    [InlineData("x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=11, permessage-deflate", 11)]
    [InlineData("permessage-deflate; client_max_window_bits; client_max_window_bits, permessage-deflate; server_max_window_bits=9", 9)]
    [InlineData("x; y=\"a, b\", permessage-deflate; server_max_window_bits=12", 12)]
    public void The_first_offer_that_can_be_kept_counts(string offers, int? window)
    {
        Assert.Equal(new DeflateAgreement(window), DeflateAgreement.With(offers));
        Assert.Equal(new DeflateAgreement(window), DeflateAgreement.With(new StringValues(["permessage-bzip2", offers])));
    }
}
