using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.BadInput;

/// <summary>What a peer announces, or asks for and does not read, costs no memory. Alone, since it counts the process's.</summary>
[Collection("alone")]
public sealed class MemoryTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task A_length_of_a_gibibyte_allocates_nothing_until_the_bytes_come()
    {
        await using var host = await DispatcherHost.StartAsync(plan => plan.Tcp.MaxFrameBytes = 1 << 30);
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => host.ConnectAsync($"client {n}")));
        foreach (var client in clients) await client.SyncAsync("the connection to be warm");
        var before = GC.GetTotalAllocatedBytes(precise: true);

        foreach (var client in clients) await client.SendRawAsync(new byte[] { 0x40, 0, 0, 0, (byte)'{' });
        var other = await host.ConnectAsync("other");
        await other.SyncAsync("that others are served meanwhile");

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 * Mebibyte);
    }

    [Fact]
    public async Task Thousands_of_pipelined_gets_of_a_large_value_wait_for_the_peer_to_read()
    {
        await using var host = await DispatcherHost.StartAsync();
        var client = await host.ConnectAsync("greedy", receiveBufferBytes: 8 * 1024);
        var value = new string('v', Mebibyte / 2);
        await client.AskAsync($"{{\"command\":\"set\",\"key\":\"k\",\"value\":\"{value}\",\"seq\":0}}");
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await client.SendAsync([.. Enumerable.Range(0, 4000).Select(n => $"{{\"command\":\"get\",\"key\":\"k\",\"seq\":{n}}}")]);
        var other = await host.ConnectAsync("other");
        await other.SyncAsync("that others are served meanwhile");
        var answers = new List<string>();
        for (var n = 0; n < 10; n++) answers.Add((await client.ReadAsync($"answer {n}")).Field("seq"));

        Assert.Equal(Enumerable.Range(0, 10).Select(n => $"{n}"), answers);
        // Two gibibytes were asked for; ten answers were read, by a client that makes text of them.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 100 * Mebibyte);
    }
}
