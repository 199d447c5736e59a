using System.Text;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Tests.Machines;

/// <summary>What is asked of a grain without waiting for answers is done in the order in which it was asked.</summary>
[Collection("clock")] // While nobody else moves it: an item whose hand-over takes too long is given again.
public sealed class CallOrderTests(TwoSilos silos)
{
    private const int Names = 150;
    private static readonly int[] Numbers = [.. Enumerable.Range(1, 40)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Channels_number_publishes_as_they_were_made()
    {
        foreach (var (engine, name) in Cold("channel"))
        {
            var channel = engine.Channel($"{name}/kept");
            // Once where nobody knows where the channel is, and once where it is known.
            foreach (var before in (int[])[0, Numbers.Length])
            {
                var publishing = Numbers.Select(number => channel.PublishAsync(Publish(number), Token).AsTask());
                var answers = await Task.WhenAll(publishing);

                Assert.Equal(Numbers.Select(number => (long)before + number), answers.Select(answer => answer.Offset));
            }
        }
    }

    [Fact]
    public async Task A_look_at_the_history_between_publishes_sees_those_before_it_and_no_others()
    {
        foreach (var (engine, name) in Cold("read"))
        {
            var channel = engine.Channel($"{name}/kept");
            var before = Numbers.Select(number => channel.PublishAsync(Publish(number), Token).AsTask()).ToArray();
            var reading = channel.HistoryAsync(new HistoryRequest(0, 1, Reverse: true), Token);
            var after = Numbers.Select(number => channel.PublishAsync(Publish(number), Token).AsTask()).ToArray();

            Assert.Equal(Numbers.Length, (await reading).Position.Offset);
            await Task.WhenAll([.. before, .. after]);
        }
    }

    [Fact]
    public async Task Keys_have_the_last_value()
    {
        foreach (var (engine, name) in Cold("key"))
        {
            var key = engine.Hash(name);
            await Task.WhenAll(Numbers.Select(number => key.SetAsync(Set(number), Token).AsTask()));

            Assert.Equal($"{Numbers[^1]}", (await key.GetAsync(Token))?.Value.Text);
        }
    }

    [Fact]
    public async Task A_pop_that_waits_keeps_nobody_waiting_and_stands_before_whoever_comes_later()
    {
        foreach (var (engine, name) in Cold("queue"))
        {
            var queue = engine.Queue(name, QueuePart.Live);
            await queue.CountAsync(Token);
            var first = queue.PopAsync(new PopRequest(Lease: null, TimeSpan.MaxValue), Token).AsTask();
            var second = queue.PopAsync(new PopRequest(Lease: null, TimeSpan.MaxValue), Token).AsTask();
            foreach (var number in Numbers[..2]) await queue.PushAsync(Push(number), Token);

            Assert.Equal(("1", "2"), ((await first).Item?.Payload.Text, (await second).Item?.Payload.Text));
        }
    }

    private IEnumerable<(ClusterEngine Engine, string Name)> Cold(string kind) => Enumerable.Range(0, Names)
        .Select(i => (silos.Engines[i % silos.Engines.Count], $"order/{kind} {i}"));

    private static Payload Value(int number) => new(Encoding.UTF8.GetBytes($"{number}"), PayloadKind.Json);

    private static PublishRequest Publish(int number) =>
        new(Value(number), Headers.None, "test", Sender: null, Retain: false, Id: null);

    private static SetRequest Set(int number) => new(Value(number), null, null, SetCondition.Always, Id: null);

    private static PushRequest Push(int number) => new(Value(number), Headers.None, 0, TimeSpan.Zero, null, Id: null);
}
