namespace Signalbox.Engine.Cluster.Tests.Listing;

/// <summary>
/// Whatever goes wrong between a key and the index: what exists is listed, and what is listed and does not exist is
/// found out.
/// </summary>
public sealed class ReconcileTests
{
    [Fact]
    public async Task A_key_whose_name_cannot_be_written_down_is_not_set()
    {
        await using var names = await Names.StartAsync();
        names.Silos.Storage.FailsFor = Names.IsIndex;

        await Assert.ThrowsAsync<LogFailedException>(() => names.SetAsync("lamp"));
        names.Silos.Storage.FailsFor = static _ => false;

        Assert.Null(await names.GetAsync("lamp"));
        Assert.DoesNotContain(names.KeyGrain("lamp"), names.Silos.Storage.Grains);
        await names.SetAsync("lamp");
        Assert.Equal(["lamp"], await names.KeysAsync());
    }

    [Fact]
    public async Task A_name_of_which_nothing_came_is_found_out_without_anybody_asking()
    {
        await using var names = await Names.StartAsync();
        var lamp = names.KeyGrain("lamp");
        names.Silos.Storage.FailsFor = grain => grain == lamp;

        await Assert.ThrowsAsync<LogFailedException>(() => names.SetAsync("lamp"));
        names.Silos.Storage.FailsFor = static _ => false;
        Assert.Equal(["lamp"], await names.KeysAsync());
        names.Silos.Clock.Pass(TimeSpan.FromSeconds(62));
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);

        Assert.Empty(await names.KeysAsync());
        Assert.Equal(0, await names.CountKeysAsync());
    }

    [Fact]
    public async Task A_key_that_could_not_be_deleted_is_there_and_listed()
    {
        await using var names = await Names.StartAsync();
        var lamp = names.KeyGrain("lamp");
        await names.SetAsync("lamp");
        names.Silos.Storage.FailsFor = grain => grain == lamp;

        await Assert.ThrowsAsync<LogFailedException>(() => names.DeleteAsync("lamp"));
        names.Silos.Storage.FailsFor = static _ => false;

        Assert.NotNull(await names.GetAsync("lamp"));
        Assert.Equal(["lamp"], await names.KeysAsync());
    }

    [Fact]
    public async Task A_key_that_is_deleted_while_the_index_fails_is_gone_and_leaves_the_lists_later()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp");
        names.Silos.Storage.FailsFor = Names.IsIndex;

        Assert.True(await names.DeleteAsync("lamp"));
        names.Silos.Storage.FailsFor = static _ => false;
        Assert.Equal(["lamp"], await names.KeysAsync());
        names.Silos.Clock.Pass(TimeSpan.FromSeconds(11));
        await names.Silos.Calls.WaitForAsync("INameIndexGrain.RemoveAsync", 1);

        Assert.Empty(await names.KeysAsync());
    }

    [Fact]
    public async Task A_key_that_is_gone_and_still_listed_leaves_the_lists_when_it_is_asked_for()
    {
        await using var names = await Names.StartAsync();
        await names.SetAsync("lamp");
        names.Silos.Storage.FailsFor = Names.IsIndex;
        await names.DeleteAsync("lamp");
        await names.Silos.Cluster.DeactivateAsync(names.KeyGrain("lamp"));
        names.Silos.Storage.FailsFor = static _ => false;
        Assert.Equal(["lamp"], await names.KeysAsync());

        Assert.Null(await names.GetAsync("lamp"));

        Assert.Empty(await names.KeysAsync());
    }

    [Fact]
    public async Task Keys_that_come_and_go_all_at_once_are_listed_as_they_are_in_the_end()
    {
        await using var names = await Names.StartAsync();
        string[] keys = [.. Enumerable.Range(0, 10).Select(i => $"key {i}")];

        await Task.WhenAll(keys.SelectMany(key => Enumerable.Range(0, 20).Select(async i =>
        {
            await names.SetAsync(key, i % 3 == 0 ? TimeSpan.FromHours(1) : null);
            if (i % 2 == 0) await names.DeleteAsync(key);
        })));
        var there = new List<string>();
        foreach (var key in keys)
        {
            if (await names.GetAsync(key) is not null) there.Add(key);
        }

        Assert.Equal(there, await names.KeysAsync());
    }
}
