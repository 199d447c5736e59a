using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Cluster.Tests.Listing;

/// <summary>What is under way goes on when a silo is lost or stopped.</summary>
public sealed class LossTests
{
    private const int Keys = 2000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_keys_are_deleted_also_when_a_silo_dies_meanwhile(bool dies)
    {
        await using var names = await Names.StartAsync();
        foreach (var keys in Enumerable.Range(0, Keys).Chunk(100))
        {
            await Task.WhenAll(keys.Select(key => names.SetAsync($"key {key}")));
        }

        Assert.Equal(Keys, await names.CountKeysAsync());

        var deleting = names.Engine.DeleteAllKeysAsync(CancellationToken.None);
        await names.Silos.Calls.WaitForAsync("IHashKeyGrain.DeleteAsync", Keys / 10);
        if (dies) await names.Silos.Cluster.KillSiloAsync(names.Silos.Cluster.Silos[1], TestContext.Current.CancellationToken);
        var answer = await deleting;

        Assert.Equal(Refusal.None, answer.Refusal);
        // What was deleted on the silo that died, but not yet told, is told by a second call, which finds nothing.
        Assert.InRange(answer.Count, dies ? Keys - 100 : Keys, Keys);
        Assert.Equal(0, await names.CountKeysAsync());
        Assert.Empty(await names.KeysAsync());
        Assert.Null(await names.GetAsync("key 7"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pop_that_waits_at_a_silo_outlives_it(bool dies)
    {
        await using var names = await Names.StartAsync();
        await names.Engine.Queue("work", default).CountAsync(CancellationToken.None);
        var silo = names.StayAwayFrom(names.QueueGrain("work"));
        var popping = names.PopAsync("work", TimeSpan.FromHours(1));
        // What a process asks of a queue is taken up in its order: the pop waits there when this is answered.
        await names.Engine.Queue("work", default).CountAsync(CancellationToken.None);

        // The clock stands still, so nobody is sent away because his time is over.
        if (dies) await names.Silos.Cluster.KillSiloAsync(silo, TestContext.Current.CancellationToken);
        else await names.Silos.Cluster.StopSiloAsync(silo, TestContext.Current.CancellationToken);
        // A silo that stops sends it away itself.
        if (!dies) await names.Silos.Calls.WaitForAsync("IQueueGrain.PopAsync", 1);
        var pushed = await names.PushAsync("work", id: "once");

        Assert.Equal(pushed.ItemId, (await popping).Item?.Id);
    }

    // One that was made of the lost silo, and was passed on, would be given an item that nobody takes.
    [Fact]
    public async Task Pops_that_wait_at_another_silo_than_the_one_that_is_lost_are_made_again()
    {
        await using var names = await Names.StartAsync();
        await names.Engine.Queue("work", default).CountAsync(CancellationToken.None);
        var silo = names.StayAwayFrom(names.QueueGrain("work"));
        var near = names.Silos.Engines.Take(2).Single(engine => engine != names.Engine).Queue("work", default);
        var popping = near.PopAsync(new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), CancellationToken.None);
        await near.CountAsync(CancellationToken.None);

        await names.Silos.Cluster.KillSiloAsync(names.Silos.Cluster.Silos.Single(one => one != silo), TestContext.Current.CancellationToken);
        // The clock stands still, so nobody is sent away because his time is over.
        await names.Silos.Calls.WaitForAsync("IQueueGrain.PopAsync", 1);
        var pushed = await near.PushAsync(Names.Item(id: "once"), CancellationToken.None);

        Assert.Equal(pushed.ItemId, (await popping).Item?.Id);
    }

    [Fact]
    public async Task Of_many_pops_that_wait_at_a_silo_that_stops_each_gets_its_item()
    {
        await using var names = await Names.StartAsync();
        string[] queues = [.. Enumerable.Range(0, 60).Select(i => $"work {i}")];
        foreach (var queue in queues) await names.Engine.Queue(queue, default).CountAsync(CancellationToken.None);
        var popping = queues.Select(queue => names.PopAsync(queue, TimeSpan.FromHours(1))).ToList();

        await names.Silos.Cluster.StopSiloAsync(names.Silos.Cluster.Silos[1], TestContext.Current.CancellationToken);
        var pushed = await Task.WhenAll(queues.Select(queue => names.PushAsync(queue, id: "once")));

        var popped = await Task.WhenAll(popping).WaitAsync(TimeSpan.FromSeconds(50), TestContext.Current.CancellationToken);
        Assert.Equal(pushed.Select(answer => answer.ItemId), popped.Select(answer => answer.Item?.Id ?? 0));
    }

    [Fact]
    public async Task A_pop_that_waits_while_the_journal_fails_is_served_by_the_next_activation()
    {
        await using var names = await Names.StartAsync();
        await names.PushAsync("work");
        var popped = await names.PopAsync("work", TimeSpan.Zero);
        var popping = names.PopAsync("work", TimeSpan.FromHours(1));
        names.Silos.Storage.FailsFor = grain => grain == names.QueueGrain("work");

        await Assert.ThrowsAsync<LogFailedException>(async () => await names.Engine.Queue("work", default)
            .AcknowledgeAsync(popped.Receipt, CancellationToken.None));
        names.Silos.Storage.FailsFor = static _ => false;
        var pushed = await names.PushAsync("work");

        Assert.Equal(pushed.ItemId, (await popping).Item?.Id);
    }

    [Fact]
    public async Task Whoever_asks_without_an_id_when_the_silo_dies_learns_that_nobody_knows()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp");
        var lamp = names.KeyGrain("lamp");
        var silo = names.StayAwayFrom(lamp);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        names.Silos.Storage.Gate = gate.Task;

        var setting = names.SetAsync("lamp");
        var settingWithId = names.SetAsync("lamp", id: "once");
        await names.Silos.Storage.WaitForWriteAsync();
        var killing = names.Silos.Cluster.KillSiloAsync(silo, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LogFailedException>(() => setting);
        gate.SetResult();
        await killing;

        Assert.Equal(Refusal.None, (await settingWithId).Refusal);
    }

    [Theory]
    [InlineData("work")]
    [InlineData("any/kept/news")]
    public async Task What_may_have_been_done_is_done_again_with_an_id_only(string name)
    {
        await using var names = await Names.StartAsync();
        var (grain, ask) = name == "work"
            ? (names.QueueGrain(name), id => names.PushAsync(name, id))
            : (names.ChannelGrain(name), (Func<string?, Task>)(id => names.PublishAsync(name, id)));
        await ask("first");
        var silo = names.StayAwayFrom(grain);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        names.Silos.Storage.Gate = gate.Task;

        var asking = ask(null);
        var askingWithId = ask("once");
        await names.Silos.Storage.WaitForWriteAsync();
        var killing = names.Silos.Cluster.KillSiloAsync(silo, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LogFailedException>(() => asking);
        gate.SetResult();
        await killing;

        await askingWithId;
    }
}
