using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Order;

/// <summary>Messages that wait for one connection leave together: a write for each would be most of what a message costs.</summary>
public sealed class GatheringTests
{
    private const int Messages = 8;

    [Fact]
    public async Task What_waits_while_the_peer_takes_a_message_leaves_with_one_write()
    {
        await using var host = await DispatcherHost.StartAsync();
        var publisher = await host.ConnectAsync("publisher");
        var subscriber = new PipedConnection(host);
        await subscriber.SendAsync("""{"command":"subscribe","key":"news","seq":1}""");
        await subscriber.TakeAsync();
        await publisher.AskAsync("""{"command":"publish","key":"news","value":"m0","seq":0}""");
        await subscriber.LookAsync();
        for (var n = 1; n <= Messages; n++)
        {
            await publisher.AskAsync($$"""{"command":"publish","key":"news","value":"m{{n}}","seq":{{n}}}""");
        }

        // Whoever publishes is answered before the last of it is with those who listen.
        await host.Node.WhenPassedOnAsync();
        var first = await subscriber.TakeAsync();
        var second = await subscriber.TakeAsync();

        Assert.Contains("m0", first, StringComparison.Ordinal);
        for (var n = 1; n <= Messages; n++) Assert.Contains($"\"m{n}\"", second, StringComparison.Ordinal);
        await subscriber.DieAsync();
    }

    [Fact]
    public async Task Commands_that_come_together_reach_a_subscriber_in_one_segment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there does a socket say how many segments it got.");
        await using var host = await HttpHost.StartAsync();
        var publisher = await host.ConnectAsync("publisher");

        await AssertGatheredAsync(host, () => publisher.SendAsync(
            [.. Enumerable.Range(1, Messages).Select(n => $$"""{"command":"publish","key":"news","value":"m{{n}}"}""")]));
    }

    [Fact]
    public async Task Requests_that_come_together_reach_a_subscriber_in_one_segment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there does a socket say how many segments it got.");
        await using var host = await HttpHost.StartAsync();
        using var publisher = await host.RawAsync();
        var requests = new StringBuilder();
        for (var n = 1; n <= Messages; n++)
        {
            requests.Append($"POST /channels/news HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nm{n}");
        }

        await AssertGatheredAsync(host, () => publisher.SendRawAsync(requests.ToString()));
    }

    private static async Task AssertGatheredAsync(HttpHost host, Func<Task> publishAsync)
    {
        var subscriber = await host.ConnectAsync("subscriber");
        await subscriber.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        var before = subscriber.SegmentsReceived;

        await publishAsync();

        for (var n = 1; n <= Messages; n++)
        {
            Assert.Equal($"m{n}", (await subscriber.ReadAsync($"message {n}")).Field("value"));
        }

        Assert.Equal(1, subscriber.SegmentsReceived - before);
    }
}
