using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Sse;

namespace Signalbox.Gateways.Tests.Hosting;

/// <summary>A connection that goes on without the HTTP layer costs no memory of that layer.</summary>
public sealed class TakeoverTests
{
    private WeakReference? _layer;

    [Fact]
    public async Task Nothing_of_the_http_layer_is_kept_for_a_websocket()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Witness = RememberFirst);

        var client = await host.ConnectAsync();
        await client.SyncAsync("that the session has begun");

        await AssertGoneAsync(host);
        await client.SyncAsync("that the session goes on");
    }

    [Fact]
    public async Task Nothing_of_the_http_layer_is_kept_for_a_stream_of_events()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Witness = RememberFirst);

        await using var reader = await SseReader.OpenAsync(new Uri(host.Address, "/sse?channel=news"), "reader", null, null);

        await AssertGoneAsync(host);
        var publisher = await host.ConnectAsync("publisher");
        await publisher.AskAsync("""{"command":"publish","key":"news","value":"hello","seq":1}""");
        Assert.Equal("hello", (await reader.ReadAsync("message", "that the stream goes on")).At("value"));
    }

    // The features of a request are one object with the layer's state of the connection.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RememberFirst(HttpContext context) => _layer ??= new WeakReference(context.Features);

    private async Task AssertGoneAsync(HttpHost host)
    {
        using var patience = new Patience();
        var other = await host.ConnectAsync("other");
        while (_layer!.IsAlive && !patience.Token.IsCancellationRequested) // There was a request.
        {
            // The thread that has just left the layer has to do something else first.
            await other.SyncAsync("that others are served meanwhile");
            GC.Collect();
        }

        Assert.False(_layer.IsAlive, "Somebody still knows the layer.");
    }
}
