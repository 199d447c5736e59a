using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>Bytes that are no text come through every protocol as they were.</summary>
public sealed class BytesTests
{
    private const string Octets = "Content-Type: application/octet-stream";

    // Every value there is, so neither UTF-8 nor JSON.
    private static readonly byte[] All = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [Fact]
    public async Task What_is_published_by_request_is_the_same_on_a_WebSocket_and_in_the_history()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        var reader = await host.ConnectAsync();
        await reader.AskAsync("""{"command":"subscribe","key":"images","seq":1}""");

        await client.AskAsync("POST", "/channels/images", All, Octets);

        var message = await reader.ReadAsync("the message");
        Assert.Equal("base64", message.Field("encoding"));
        Assert.Equal(All, Convert.FromBase64String(message.Field("value")));
        Assert.Contains(Convert.ToBase64String(All), (await client.GetAsync("/channels/images")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WebSocketDriver.Text)]
    [InlineData(WebSocketDriver.Binary)]
    public async Task What_a_WebSocket_sets_is_read_as_it_is_and_what_it_pushes_is_popped(byte frame)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        var writer = await host.ConnectAsync();
        foreach (var command in new[] { "set", "qpush" })
        {
            var body = $$"""{"command":"{{command}}","key":"image","value":"{{Convert.ToBase64String(All)}}","encoding":"base64","seq":1}""";
            await writer.SendRawAsync(WebSocketDriver.Frame(frame, System.Text.Encoding.UTF8.GetBytes(body)));
            await writer.ReadFrameAsync("the answer");
        }

        var value = await client.GetAsync("/hash/image");
        var item = await client.PostAsync("/queues/image/pop");

        Assert.Equal("application/octet-stream", value.ContentType);
        Assert.Equal(All, value.Bytes);
        Assert.Equal(All, Convert.FromBase64String(item.Field("value")));
    }
}
