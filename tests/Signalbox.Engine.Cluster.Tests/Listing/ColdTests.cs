using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Listing;

/// <summary>What only lies in storage does what is due all the same.</summary>
public sealed class ColdTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_cold_key_expires_in_time_and_later_leaves_nothing()
    {
        await using var names = await Names.StartAsync();
        var lamp = names.KeyGrain("lamp");
        await names.SetAsync("lamp", 10 * Second);
        await names.Silos.Cluster.DeactivateAsync(lamp);

        names.Silos.Clock.Pass(11 * Second);
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);
        Assert.Empty(await names.KeysAsync());
        var left = names.Silos.Cluster.WaitForDeactivationAsync(lamp);
        names.Silos.Clock.Pass(62 * Second);
        await names.Silos.Storage.WaitUntilGoneAsync(lamp);
        await left;

        Assert.False(names.IsActive(lamp));
    }

    [Fact]
    public async Task A_cold_key_whose_end_was_put_off_expires_at_its_new_end()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp", 10 * Second);
        await names.SetAsync("lamp", 30 * Second);
        names.Silos.Calls.Forget();
        await names.Silos.Cluster.DeactivateAsync(names.KeyGrain("lamp"));

        names.Silos.Clock.Pass(11 * Second);
        await names.Silos.Calls.WaitForAsync("IListedGrain.TouchAsync", 1);
        Assert.Equal(["lamp"], await names.KeysAsync());
        await names.Silos.Cluster.DeactivateAsync(names.KeyGrain("lamp"));
        names.Silos.Clock.Pass(20 * Second);
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);

        Assert.Empty(await names.KeysAsync());
    }

    [Fact]
    public async Task A_key_that_is_given_an_earlier_end_expires_at_that()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp");
        await names.SetAsync("lamp", 10 * Second);
        await names.Silos.Cluster.DeactivateAsync(names.KeyGrain("lamp"));

        names.Silos.Clock.Pass(11 * Second);
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);

        Assert.Empty(await names.KeysAsync());
    }

    [Fact]
    public async Task The_ids_of_a_cold_key_are_forgotten_in_time()
    {
        await using var names = await Names.StartAsync();
        var lamp = names.KeyGrain("lamp");
        await names.SetAsync("lamp", id: "once");
        await names.DeleteAsync("lamp");
        names.Silos.Calls.Forget();
        await names.Silos.Cluster.DeactivateAsync(lamp);
        Assert.Contains(lamp, names.Silos.Storage.Grains);

        names.Silos.Clock.Pass(TimeSpan.FromMinutes(6));
        await names.Silos.Storage.WaitUntilGoneAsync(lamp);

        Assert.Null(await names.GetAsync("lamp"));
    }

    [Fact]
    public async Task A_queue_that_stays_empty_leaves_the_index_and_then_storage()
    {
        await using var names = await Names.StartAsync();
        var work = names.QueueGrain("work");
        await names.PushAsync("work");
        var popped = await names.PopAsync("work", TimeSpan.Zero);
        await names.Engine.Queue("work", default).AcknowledgeAsync(popped.Receipt, CancellationToken.None);
        await names.PushAsync("work");
        popped = await names.PopAsync("work", TimeSpan.Zero);
        await names.Engine.Queue("work", default).AcknowledgeAsync(popped.Receipt, CancellationToken.None);
        Assert.Equal(1, names.Silos.Calls.All.Count(call => call == "INameIndexGrain.AddAsync"));

        names.Silos.Clock.Pass(61 * Second);
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);
        var page = await names.Engine.Queues.NamesAsync(new("", null, 10), CancellationToken.None);
        names.Silos.Clock.Pass(62 * Second);
        await names.Silos.Storage.WaitUntilGoneAsync(work);

        Assert.Empty(page.Entries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_all_silos_are_lost_or_stopped_all_is_listed_and_expires_without_anybody_asking(bool areLost)
    {
        var storage = new TestStorage();
        var clock = new ManualClock();
        await using (var before = await Names.StartAsync(storage, clock))
        {
            for (var i = 0; i < 20; i++) await before.SetAsync($"key {i:D2}", i < 10 ? 10 * Second : null);
            await before.PushAsync("work");
            if (areLost)
            {
                foreach (var silo in before.Silos.Cluster.Silos.ToList())
                {
                    await before.Silos.Cluster.KillSiloAsync(silo, TestContext.Current.CancellationToken);
                }
            }
        }

        await using var names = await Names.StartAsync(storage, clock);
        Assert.Equal(20, await names.CountKeysAsync());
        clock.Pass(11 * Second);
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 10);

        Assert.Equal(Enumerable.Range(10, 10).Select(i => $"key {i}"), await names.KeysAsync());
        var queues = await names.Engine.ListQueuesAsync(new("", null, 10), CancellationToken.None);
        Assert.Equal(["work"], queues.Entries.Select(entry => entry.Name));
    }
}
