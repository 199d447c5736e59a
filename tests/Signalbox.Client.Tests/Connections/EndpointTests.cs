namespace Signalbox.Client.Tests.Connections;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("example.org:99", "example.org", 99)]
    [InlineData("example.org", "example.org", 2491)]
    [InlineData(" 127.0.0.1:1 ", "127.0.0.1", 1)]
    [InlineData("[::1]:7", "::1", 7)]
    [InlineData("[::1]", "::1", 2491)]
    [InlineData("fe80::1", "fe80::1", 2491)]
    public void A_host_and_a_port_are_read(string text, string host, int port)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.Equal(new Endpoint(host, port), endpoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":2491")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:port")]
    [InlineData("two words:1")]
    [InlineData("[::1:2491")]
    public void What_is_none_is_refused(string text) => Assert.False(Endpoint.TryParse(text, out _));
}
