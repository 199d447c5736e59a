using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hosting;

/// <summary>By which names a server may be reached that lets in everybody on this machine.</summary>
public sealed class HostsTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("app.localhost:8080", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("", true)]
    [InlineData("rebound.example.org", false)]
    [InlineData("rebound.example.org:8080", false)]
    [InlineData("localhost.example.org", false)]
    [InlineData("127.0.0.1.example.org", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("10.0.0.1", false)]
    public void Without_keys_it_is_names_of_this_machine(string host, bool may) =>
        Assert.Equal(may, new Hosts(new HttpOptions(), new SecurityOptions()).Allow(Request(host)));

    [Fact]
    public void More_names_may_be_allowed_with_any_port()
    {
        var named = new Hosts(new HttpOptions { AllowedHosts = ["signalbox.example.org"] }, new SecurityOptions());
        var all = new Hosts(new HttpOptions { AllowedHosts = ["*"] }, new SecurityOptions());

        Assert.True(named.Allow(Request("Signalbox.Example.org:8080")));
        Assert.False(named.Allow(Request("example.org")));
        Assert.True(all.Allow(Request("example.org")));
    }

    [Fact]
    public void With_keys_or_open_to_other_machines_any_name_will_do()
    {
        var keyed = new SecurityOptions { ApiKeys = [new ApiKeySettings { Name = "a", Key = "a key of a backend, long enough" }] };

        Assert.True(new Hosts(new HttpOptions(), keyed).Allow(Request("example.org")));
        Assert.True(new Hosts(new HttpOptions { Address = "0.0.0.0" }, new SecurityOptions()).Allow(Request("example.org")));
    }

    [Theory]
    [InlineData("GET /hash/a")]
    [InlineData("GET /metrics")]
    [InlineData("GET /health/ready")]
    [InlineData("GET /sse?channel=news")]
    [InlineData("GET /ws")]
    public async Task A_page_that_means_this_machine_by_a_name_of_its_own_gets_nothing(string request)
    {
        await using var host = await HttpHost.StartAsync();
        using var raw = await host.RawAsync();

        await raw.SendRawAsync(
            $"{request} HTTP/1.1\r\nHost: rebound.example.org\r\nOrigin: http://rebound.example.org\r\nConnection: close\r\n\r\n");
        var answer = await raw.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("Http:AllowedHosts", answer, StringComparison.Ordinal);
    }

    private static HttpRequest Request(string host)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        return request;
    }
}
