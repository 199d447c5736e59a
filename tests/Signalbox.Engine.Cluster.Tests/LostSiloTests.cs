using System.Text;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Tests;

/// <summary>What was confirmed outlives the silo that confirmed it.</summary>
public sealed class LostSiloTests
{
    private const int Names = 20;

    private static readonly PopRequest Lease = new(TimeSpan.FromMinutes(1), Wait: TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_confirmed_is_there_when_a_silo_has_died()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var engine = silos.Engines[0];
        for (var i = 0; i < Names; i++)
        {
            await engine.Hash($"key {i}").SetAsync(Set(i), Token);
            await engine.Queue($"queue {i}", QueuePart.Live).PushAsync(Push(i), Token);
        }

        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1], Token);

        for (var i = 0; i < Names; i++)
        {
            Assert.Equal($"{i}", (await engine.Hash($"key {i}").GetAsync(Token))?.Value.Text);
            var queue = engine.Queue($"queue {i}", QueuePart.Live);
            var popped = await queue.PopAsync(new PopRequest(Lease: null, Wait: TimeSpan.Zero), Token);
            Assert.Equal($"{i}", popped.Item?.Payload.Text);
        }
    }

    [Fact]
    public async Task A_repeat_after_the_silo_has_died_gets_the_first_answer()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var engine = silos.Engines[0];
        var first = new List<PushAnswer>();
        for (var i = 0; i < Names; i++)
        {
            first.Add(await engine.Queue($"queue {i}", QueuePart.Live).PushAsync(Push(i), Token));
        }

        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1], Token);

        for (var i = 0; i < Names; i++)
        {
            var queue = engine.Queue($"queue {i}", QueuePart.Live);
            Assert.Equal(first[i], await queue.PushAsync(Push(i), Token));
            Assert.Equal(1, (await queue.CountAsync(Token)).Live);
        }
    }

    [Fact]
    public async Task An_increment_that_is_repeated_after_the_silo_has_died_is_not_done_twice()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var engine = silos.Engines[0];
        var once = new IncrementRequest(By: 1, Ttl: null, "once");
        for (var i = 0; i < Names; i++) await engine.Hash($"counter {i}").IncrementAsync(once, Token);

        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1], Token);

        for (var i = 0; i < Names; i++)
        {
            Assert.Equal(1, (await engine.Hash($"counter {i}").IncrementAsync(once, Token)).Sum);
        }
    }

    [Fact]
    public async Task Who_holds_an_item_holds_it_after_the_silo_has_died_and_until_the_lease_ends()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var queues = Enumerable.Range(0, Names).Select(i => silos.Engines[0].Queue($"queue {i}", QueuePart.Live)).ToList();
        var held = new List<PopAnswer>();
        foreach (var queue in queues)
        {
            await queue.PushAsync(Push(1), Token);
            held.Add(await queue.PopAsync(Lease, Token));
        }

        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1], Token);

        foreach (var queue in queues) Assert.Null((await queue.PopAsync(Lease, Token)).Item);
        for (var i = 0; i < Names / 2; i++)
        {
            Assert.Equal(Refusal.None, await queues[i].AcknowledgeAsync(held[i].Receipt, Token));
        }

        silos.Clock.Pass(TimeSpan.FromMinutes(1));
        for (var i = 0; i < Names; i++)
        {
            Assert.Equal(i < Names / 2 ? null : held[i].Item?.Id, (await queues[i].PopAsync(Lease, Token)).Item?.Id);
        }
    }

    [Fact]
    public async Task When_storage_fails_nothing_is_confirmed_and_the_next_try_begins_from_what_is_stored()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var queue = silos.Engines[2].Queue("queue", QueuePart.Live);
        await queue.PushAsync(Push(1), Token);
        silos.Storage.Fails = static _ => true;

        await Assert.ThrowsAsync<LogFailedException>(() => queue.PushAsync(Push(2), Token).AsTask());
        silos.Storage.Fails = static _ => false;

        Assert.Equal(1, (await queue.CountAsync(Token)).Live);
        Assert.Equal(Refusal.None, (await queue.PushAsync(Push(2), Token)).Refusal);
        Assert.Equal(2, (await queue.CountAsync(Token)).Live);
    }

    private static Payload Value(int number) => new(Encoding.UTF8.GetBytes($"{number}"), PayloadKind.Json);

    private static SetRequest Set(int number) => new(Value(number), null, null, SetCondition.Always, "once");

    private static PushRequest Push(int number) =>
        new(Value(number), Headers.None, 0, TimeSpan.Zero, null, $"once {number}");
}
