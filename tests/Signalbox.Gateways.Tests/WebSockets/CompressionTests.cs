using System.IO.Compression;
using System.Text;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class CompressionTests
{
    private const string Offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private const byte CompressedText = 0xC1;
    private const string Subscribe = """{"command":"subscribe","key":"news"}""";

    [Fact]
    public async Task It_is_agreed_upon_without_context_of_either_side()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.OpenAsync();

        await client.SendRawAsync(Encoding.ASCII.GetBytes(WebSocketDriver.Request(Offer)));

        Assert.Contains(
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n",
            await client.ReadHeadAsync("the answer"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_turns_it_off_has_none()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.WebSockets.Compress = false);
        var client = await host.OpenAsync();

        await client.SendRawAsync(Encoding.ASCII.GetBytes(WebSocketDriver.Request(Offer)));

        Assert.DoesNotContain("Extensions", await client.ReadHeadAsync("the answer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_messages_and_replies_come_compressed_to_who_offered_it_and_short_ones_as_they_are()
    {
        await using var host = await HttpHost.StartAsync();
        var compressing = await host.ConnectAsync("compressing", null, Offer);
        var plain = await host.ConnectAsync("plain");
        await compressing.SendAsync(Subscribe);
        await plain.SendAsync(Subscribe);
        await compressing.SyncAsync("its subscription");
        await plain.SyncAsync("its subscription");
        var text = string.Join(' ', Enumerable.Range(0, 1000));

        await plain.SendAsync(Publish("short"), Publish(text));

        Assert.Equal("short", (await plain.ReadAsync("the short message")).Field("value"));
        Assert.Equal(text, (await plain.ReadAsync("the long message")).Field("value"));
        Assert.Equal("short", (await compressing.ReadAsync("the short message")).Field("value"));
        var (first, payload) = await compressing.ReadFrameAsync("the long message");
        Assert.Equal(CompressedText, first);
        Assert.InRange(payload.Length, 100, text.Length / 2);
        Assert.Equal(text, Expand(payload).Field("value"));

        await compressing.SendAsync("""{"command":"history","key":"news","seq":1}""");
        (first, payload) = await compressing.ReadFrameAsync("the long reply");
        Assert.Equal(CompressedText, first);
        Assert.Equal("1", Expand(payload).Field("seq"));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task Who_has_a_small_window_is_sent_what_it_can_expand(int window)
    {
        await using var host = await HttpHost.StartAsync();
        var small = await host.OpenAsync("small");
        var large = await host.ConnectAsync("large", null, Offer);
        await small.SendRawAsync(Encoding.ASCII.GetBytes(
            WebSocketDriver.Request($"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits={window}")));
        Assert.Contains($"; server_max_window_bits={window}\r\n", await small.ReadHeadAsync("the answer"), StringComparison.Ordinal);
        await small.SendAsync(Subscribe);
        await small.SyncAsync("its subscription");
        await large.SendAsync(Subscribe);
        await large.SyncAsync("its subscription");
        // What is repeated is farther back than any window but the largest goes.
        var random = new byte[15_000];
        new Random(1).NextBytes(random);
        var text = string.Concat(Enumerable.Repeat(Convert.ToHexString(random), 2));

        await large.SendAsync(Publish(text));

        var (first, payload) = await small.ReadFrameAsync("the message for the small window");
        Assert.Equal(CompressedText, first);
        Assert.Equal(text, Expand(payload).Field("value"));
        Assert.InRange(DeflateDistances.LargestIn(payload), 1, 1 << window);
        (first, payload) = await large.ReadFrameAsync("the message for the large one");
        Assert.Equal(CompressedText, first);
        Assert.Equal(text, Expand(payload).Field("value"));
        Assert.InRange(DeflateDistances.LargestIn(payload), 20_000, 1 << 15);
    }

    [Fact]
    public async Task A_message_of_very_many_of_a_clients_windows_comes_as_it_is()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync("client", null, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8");
        await client.SendAsync(Subscribe);
        await client.SyncAsync("its subscription");
        var text = new string('a', 100_000);

        await client.SendAsync(Publish(text));

        Assert.Equal(text, (await client.ReadAsync("the message")).Field("value"));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    public void What_does_not_shrink_stays_as_it_is(int window)
    {
        var random = new byte[5000];
        new Random(1).NextBytes(random);
        var buffer = new JsonBuffer();
        buffer.Write(random);

        Assert.False(MessageDeflate.TryDeflate(buffer, 0, window));

        Assert.Equal(random, buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public async Task A_compressed_command_is_understood_also_in_fragments()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync("compressing", null, Offer);
        var compressed = Compress("""{"command":"ping","seq":"compressed"}""");

        await client.SendRawAsync(WebSocketDriver.Frame(0xC1, compressed));
        await client.SendRawAsync(WebSocketDriver.Frame(0x41, compressed.AsSpan(0, 5)));
        await client.SendRawAsync(WebSocketDriver.Frame(0x80, compressed.AsSpan(5)));

        Assert.Equal("compressed", (await client.ReadAsync("the answer to the whole one")).Field("seq"));
        Assert.Equal("compressed", (await client.ReadAsync("the answer to the one in fragments")).Field("seq"));
    }

    [Fact]
    public async Task A_bomb_is_refused_as_too_large_and_rubbish_as_such()
    {
        await using var host = await HttpHost.StartAsync();
        var bomber = await host.ConnectAsync("bomber", null, Offer);
        var other = await host.ConnectAsync("other", null, Offer);

        await bomber.SendRawAsync(WebSocketDriver.Frame(0xC1, Compress(new string(' ', 100_000_000))));
        await other.SendRawAsync(WebSocketDriver.Frame(0xC1, [0x07, 0xFF, 0xFF, 0xFF]));

        Assert.Equal("frame_too_large", (await bomber.ReadAsync("why it ended")).Field("reason"));
        Assert.Equal(1009, (await bomber.ReadCloseAsync("the close frame")).Code);
        Assert.Equal(1007, (await other.ReadCloseAsync("the close frame")).Code);
    }

    private static string Publish(string value) => $$"""{"command":"publish","key":"news","value":"{{value}}"}""";

    private static byte[] Compress(string text)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Optimal);
        deflate.Write(Encoding.UTF8.GetBytes(text));
        deflate.Flush();
        return output.ToArray()[..^4];
    }

    private static string Expand(byte[] payload)
    {
        using var input = new MemoryStream([.. payload, 0x00, 0x00, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0xFF, 0xFF]);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        using var reader = new StreamReader(inflate);
        return reader.ReadToEnd();
    }
}
