using System.Globalization;
using Orleans.Storage;

namespace Signalbox.Engine.Cluster.Journals;

/// <summary>The pages of one grain's journal, each a state of its own in Orleans' grain storage.</summary>
/// <remarks>
/// Storage refuses to write over what it was not shown. So two activations of one grain, as there may be for a moment
/// when silos lose sight of each other, cannot both write the page that comes next: the slower one fails.
/// </remarks>
internal sealed class PageStorage(IGrainStorage storage, GrainId grain)
{
    private (long Number, string? Name) _last;

    public async Task<Stored<JournalHead>> ReadHeadAsync()
    {
        var head = new Stored<JournalHead>();
        await storage.ReadStateAsync("journal", grain, head);
        return head;
    }

    public Task WriteHeadAsync(Stored<JournalHead> head) => storage.WriteStateAsync("journal", grain, head);

    public Task ClearHeadAsync(Stored<JournalHead> head) => storage.ClearStateAsync("journal", grain, head);

    /// <returns>The page; null where there is none of this number.</returns>
    public async Task<Stored<Page>?> ReadAsync(long number)
    {
        var page = new Stored<Page>();
        await storage.ReadStateAsync(NameOf(number), grain, page);
        return page.RecordExists ? page : null;
    }

    public Task WriteAsync(long number, Stored<Page> page) => storage.WriteStateAsync(NameOf(number), grain, page);

    public Task ClearAsync(long number, Stored<Page> page) => storage.ClearStateAsync(NameOf(number), grain, page);

    /// <returns>False where there was no such page.</returns>
    public async Task<bool> ClearAsync(long number)
    {
        if (await ReadAsync(number) is not { } page) return false;

        await ClearAsync(number, page);
        return true;
    }

    // Mostly of the page that it was before.
    private string NameOf(long number)
    {
        if (_last.Name is null || _last.Number != number)
        {
            _last = (number, string.Create(CultureInfo.InvariantCulture, $"journal-{number}"));
        }

        return _last.Name;
    }
}
