using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Tests.Hosting;

public sealed class OriginsTests
{
    [Theory]
    [InlineData("signalbox.test", null, true)]
    [InlineData("signalbox.test", "https://signalbox.test", true)]
    [InlineData("signalbox.test:8080", "http://signalbox.test:8080", true)]
    [InlineData("signalbox.test:8080", "http://SIGNALBOX.test:8080", true)]
    [InlineData("signalbox.test:8080", "http://signalbox.test", false)]
    [InlineData("signalbox.test", "https://evil.test", false)]
    [InlineData("signalbox.test", "https://signalbox.test.evil.test", false)]
    [InlineData("signalbox.test", "http://localhost:3000", true)]
    [InlineData("signalbox.test", "http://127.0.0.1:3000", true)]
    [InlineData("signalbox.test", "http://[::1]:3000", true)]
    [InlineData("signalbox.test", "http://localhost.evil.test", false)]
    [InlineData("signalbox.test", "http://127.0.0.1.evil.test", false)]
    [InlineData("signalbox.test", "null", false)]
    public void Without_a_list_pages_of_the_same_host_and_of_this_machine_may_connect(string host, string? origin, bool may) =>
        Assert.Equal(may, new Origins(new HttpOptions()).Allow(Request(host, origin)));

    [Theory]
    [InlineData("https://example.org", true)]
    [InlineData("https://EXAMPLE.org", true)]
    [InlineData("http://example.org", false)]
    [InlineData("https://example.org:444", false)]
    [InlineData("https://signalbox.test", false)]
    [InlineData("http://localhost:3000", false)]
    [InlineData(null, true)]
    public void With_a_list_only_pages_of_it_may(string? origin, bool may)
    {
        var options = new HttpOptions { AllowedOrigins = ["https://example.org"] };

        Assert.Equal(may, new Origins(options).Allow(Request("signalbox.test", origin)));
    }

    [Fact]
    public void A_star_stands_for_all() =>
        Assert.True(new Origins(new HttpOptions { AllowedOrigins = ["*"] }).Allow(Request("a", "https://b")));

    private static HttpRequest Request(string host, string? origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        if (origin is not null) request.Headers.Origin = origin;
        return request;
    }
}
