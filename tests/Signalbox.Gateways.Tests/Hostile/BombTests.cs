using System.IO.Compression;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hostile;

/// <summary>Small frames that would become large. Alone, since it counts what the process allocates.</summary>
[Collection("alone")]
public sealed class BombTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int Bombers = 50;

    [Fact]
    public async Task Bombs_end_their_connections_and_cost_no_more_than_a_message_of_the_longest_length_each()
    {
        await using var host = await HttpHost.StartAsync();
        var bomb = WebSocketDriver.Frame(0xC1, Compress(new byte[100 * Mebibyte]));
        var bombers = new List<WebSocketDriver>();
        for (var n = 0; n < Bombers; n++)
        {
            bombers.Add(await host.ConnectAsync($"bomber {n}", null, "Sec-WebSocket-Extensions: permessage-deflate"));
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.WhenAll(bombers.Select(async bomber =>
        {
            await bomber.SendRawAsync(bomb);
            Assert.Equal("frame_too_large", (await bomber.ReadAsync("why it ended")).Field("reason"));
            Assert.Equal(1009, (await bomber.ReadCloseAsync("the close frame")).Code);
        }));

        // Fifty times a hundred mebibytes were announced in so many words.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4L * Bombers * Mebibyte);
        Assert.Equal(0, host.ConnectionCount);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Optimal);
        deflate.Write(bytes);
        deflate.Flush();
        return output.ToArray()[..^4];
    }
}
