using System.Collections.Concurrent;
using Signalbox.Client.Conformance.Tests.Loopback;
using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;

namespace Signalbox.Client.Conformance.Tests;

/// <summary>What a subscription makes of a network that breaks.</summary>
public sealed class BrokenConnectionTests
{
    private const int Messages = 30_000;
    private const int Cuts = 20;

    // A message is above a hundred bytes on the wire, so the cuts come long before the last of them.
    private const int MostBytesUntilACut = Messages * 100 / Cuts;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly ChannelRules Rules = new(
        [], new ChannelOptions { HistorySize = Messages, HistoryAge = TimeSpan.FromHours(1) });

    // A history that is too long to be given at once counts as gone.
    private static readonly EngineLimits Limits = new() { MaxRecovered = Messages };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_subscription_whose_connection_is_cut_again_and_again_yields_every_message_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        await using var server = new LoopbackServer(TimeProvider.System, Rules, Limits);
        await server.StartAsync();
        var cuts = Enumerable.Range(0, Cuts).Select(_ => random.Next(1, MostBytesUntilACut));
        await using var proxy = new CuttingProxy(server.Endpoint, cuts);
        await using var publisher = new SignalboxClient(new() { Endpoints = { server.Endpoint } });
        await using var reader = new SignalboxClient(new()
        {
            Endpoints = { proxy.Endpoint },
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(1),
        });
        var gaps = new ConcurrentQueue<Gap>();
        var subscription = await reader.SubscribeAsync(
            "news", new SubscribeOptions { OnGap = gaps.Enqueue }, TestContext.Current.CancellationToken);

        var publishing = PublishAllAsync(publisher);
        var received = await TakeUpToAsync(subscription, Messages);

        await publishing;
        Assert.Empty(gaps);
        Assert.Equal(Enumerable.Range(1, Messages).Select(offset => (long)offset), received);
        Assert.Equal(0, proxy.CutsLeft);
    }

    // Many under way at any time: nothing of this waits for a reply before the next one is sent.
    private static async Task PublishAllAsync(SignalboxClient publisher)
    {
        await Task.Yield();
        const int UnderWay = 500;
        var replies = new Queue<Task<PublishResult>>();
        for (var i = 1; i <= Messages; i++)
        {
            replies.Enqueue(publisher.PublishAsync("news", $"message {i}"));
            if (replies.Count == UnderWay) await replies.Dequeue();
        }

        await Task.WhenAll(replies);
    }

    private static async Task<List<long>> TakeUpToAsync(Subscription subscription, long last)
    {
        var offsets = new List<long>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await foreach (var message in subscription.WithCancellation(patience.Token))
            {
                Assert.Equal($"message {message.Offset}", message.Text);
                offsets.Add(message.Offset);
                if (message.Offset >= last) break;
            }
        }
        catch (OperationCanceledException)
        {
            var taken = offsets.Count == 0 ? "nothing" : $"{offsets.Count} messages, the last at {offsets[^1]}";
            throw new TimeoutException($"The subscription to '{subscription.Channel}' stands still after {taken}.");
        }

        return offsets;
    }
}
