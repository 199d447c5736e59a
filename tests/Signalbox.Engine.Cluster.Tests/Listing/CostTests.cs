using Signalbox.Core.Refusals;
using Signalbox.Engine.Listing;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Listing;

/// <summary>What is asked for what.</summary>
public sealed class CostTests
{
    [Fact]
    public async Task To_get_and_to_set_a_key_that_there_is_are_a_call_each_and_a_write()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp", TimeSpan.FromMinutes(10));
        names.Silos.Calls.Forget();
        var writes = names.Silos.Storage.Writes;

        await names.GetAsync("lamp");
        await names.SetAsync("lamp", TimeSpan.FromMinutes(20), id: "once");
        await names.SetAsync("lamp");

        Assert.Equal(["IHashKeyGrain.GetAsync", "IHashKeyGrain.SetAsync", "IHashKeyGrain.SetAsync"], names.Silos.Calls.All);
        Assert.Equal(2, names.Silos.Storage.Writes - writes);
    }

    [Fact]
    public async Task What_is_refused_and_what_is_absent_costs_the_indexes_nothing()
    {
        await using var names = await Names.StartAsync();
        names.Silos.Calls.Forget();

        await names.GetAsync("lamp");
        await names.DeleteAsync("lamp");
        await names.SetAsync("lamp", TimeSpan.FromSeconds(-1));

        Assert.DoesNotContain(names.Silos.Calls.All, call => call.StartsWith("INameIndexGrain.", StringComparison.Ordinal));
        Assert.DoesNotContain(names.KeyGrain("lamp"), names.Silos.Storage.Grains);
    }

    [Fact]
    public async Task A_page_of_keys_is_asked_of_the_indexes_alone_and_is_not_larger_than_it_need_be()
    {
        await using var names = await Names.StartAsync(change: settings => settings with { IndexParts = 4 });
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"key {i:D3}")];
        await Task.WhenAll(keys.Select(key => names.SetAsync(key)));
        names.Silos.Calls.Forget();

        var page = await names.Engine.ListKeysAsync(new ListRequest("key", "key 099", 40), CancellationToken.None);

        Assert.Equal(keys[100..140], page.Entries);
        Assert.Equal("key 139", page.Next);
        Assert.All(names.Silos.Calls.All, call => Assert.Equal("INameIndexGrain.PageAsync", call));
        Assert.InRange(names.Silos.Calls.All.Count, 4, 8);
        Assert.Equal(keys, await names.KeysAsync());
        Assert.Equal(200, await names.CountKeysAsync());
    }

    [Fact]
    public async Task There_are_as_many_keys_as_the_limit_allows()
    {
        await using var names = await Names.StartAsync(
            change: settings => settings with { IndexParts = 1, MaxKeys = 3, MaxQueues = 1 });
        foreach (var key in (string[])["one", "two", "three"]) await names.SetAsync(key);
        await names.PushAsync("work");

        Assert.Equal(Refusal.TooManyKeys, (await names.SetAsync("four")).Refusal);
        Assert.Equal(Refusal.TooManyQueues, (await names.PushAsync("more work")).Refusal);
        Assert.Equal(Refusal.None, (await names.SetAsync("one")).Refusal);
        await names.DeleteAsync("one");
        Assert.Equal(Refusal.None, (await names.SetAsync("four")).Refusal);
        Assert.Equal(3, await names.CountKeysAsync());
    }

    [Fact]
    public async Task A_silo_that_would_look_for_names_elsewhere_does_not_start()
    {
        var storage = new TestStorage();
        var clock = new ManualClock();
        await using (await Names.StartAsync(storage, clock))
        {
        }

        await using var silos = new TwoSilos(storage, clock, settings => settings with { IndexParts = 33 });

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => silos.InitializeAsync().AsTask());
        Assert.Contains("divided into 32 parts", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_queues_that_nobody_asks_for_leave_memory_and_the_indexes_stay()
    {
        await using var names = await Names.StartAsync();
        for (var i = 0; i < 20; i++) await names.SetAsync($"key {i}");
        await names.PushAsync("work");
        GrainId[] cold = [.. Enumerable.Range(0, 20).Select(i => names.KeyGrain($"key {i}")), names.QueueGrain("work")];
        Assert.All(cold, grain => Assert.True(names.IsActive(grain)));

        await names.Silos.Cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.All(cold, grain => Assert.False(names.IsActive(grain)));
        Assert.All(names.Indexes, grain => Assert.True(names.IsActive(grain)));
        Assert.NotNull(await names.GetAsync("key 7"));
    }
}
