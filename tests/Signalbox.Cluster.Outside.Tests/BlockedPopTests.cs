using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Who waits for an item while the queue's silo goes.</summary>
public sealed class BlockedPopTests
{
    private const int Queues = 12;

    /// <summary>Well below what a parked pop would wait for by itself.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_blocked_pop_outlives_the_kill_of_the_queues_silo_and_gets_the_next_item()
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        await cluster.SpreadAsync();
        var (lost, left) = (cluster.Silos[0], cluster.Silos[1]);
        var client = cluster.Client(left);
        var waiting = await WaitAsync(client, "kill");

        await lost.SignalAsync("KILL");

        await AllGetTheNextAsync(client, waiting, "kill");
    }

    [Fact]
    public async Task A_silo_that_stops_sends_its_clients_and_whoever_waits_at_its_queues_elsewhere()
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        await cluster.SpreadAsync();
        var (stopped, left) = (cluster.Silos[0], cluster.Silos[1]);
        var client = cluster.Client(left);
        var moving = cluster.Client(stopped, left);
        var staying = await WaitAsync(client, "stay");
        var moved = await WaitAsync(moving, "move");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{stopped.Address}:{stopped.HttpPort}/ws"), CancellationToken.None);
        var closing = CloseOfAsync(socket);

        var start = Stopwatch.GetTimestamp();
        await stopped.SignalAsync("TERM");

        // Service restart: come back, or to another.
        Assert.Equal(1012, (int?)await closing.WaitAsync(Child.Patience));
        Assert.True(await stopped.EndAsync() == 0, $"It did not end in order: {stopped.Said()}");
        var taken = Stopwatch.GetElapsedTime(start);
        Assert.True(taken < LongestStop, $"It took {taken} to stop: who waits at its queues holds it up.");
        await AllGetTheNextAsync(client, staying, "stay");
        await AllGetTheNextAsync(client, moved, "move");
    }

    /// <returns>Once all of them wait there.</returns>
    private static async Task<Task<QueueItem?>[]> WaitAsync(SignalboxClient client, string name)
    {
        // The queues are made, so that about half of them are on either silo.
        for (var i = 0; i < Queues; i++) await client.CountAsync($"{name}/{i}");
        var waiting = Enumerable.Range(0, Queues)
            .Select(i => client.PopAsync($"{name}/{i}", new PopOptions { Wait = 2 * Child.Patience }))
            .ToArray();
        // Commands of a connection are taken up in their order.
        await client.PingAsync();
        return waiting;
    }

    private static async Task AllGetTheNextAsync(SignalboxClient client, Task<QueueItem?>[] waiting, string name)
    {
        await Task.WhenAll(Enumerable.Range(0, Queues).Select(i =>
            client.PushAsync($"{name}/{i}", $"{name} {i}", new PushOptions { Id = $"{name} {i}" })));
        for (var i = 0; i < Queues; i++) Assert.Equal($"{name} {i}", (await ComesAsync(client, waiting[i], $"{name}/{i}"))?.Text);
    }

    private static async Task<QueueItem?> ComesAsync(SignalboxClient client, Task<QueueItem?> popping, string queue)
    {
        try
        {
            return await popping.WaitAsync(Child.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The pop at {queue} waits in vain; there is {await client.CountAsync(queue)}.");
        }
    }

    private static async Task<WebSocketCloseStatus?> CloseOfAsync(ClientWebSocket socket)
    {
        var buffer = new byte[Encoding.UTF8.GetMaxByteCount(4096)];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (received.MessageType is WebSocketMessageType.Close) return socket.CloseStatus;
        }
    }
}
