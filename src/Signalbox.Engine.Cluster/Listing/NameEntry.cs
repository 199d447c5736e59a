using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>What the index knows of one machine, as far as the machine's grain can tell.</summary>
/// <remarks>
/// <para>The index must cover what there is: it is asked, and has written the name down, before the first fact of a
/// machine is; and only when the last is written it is told that the machine is gone.</para>
/// <para>The index is told one thing after the other. Used from the grain's turns only.</para>
/// </remarks>
/// <param name="isListed">Null where nobody knows, as after every call that failed.</param>
/// <param name="toldDueAt">When the index would touch the machine at the latest.</param>
internal sealed class NameEntry(
    INameIndexGrain index, string name, GrainCalls calls, bool? isListed, DateTimeOffset? toldDueAt)
{
    private bool? _isListed = isListed;
    private DateTimeOffset _toldDueAt = toldDueAt ?? DateTimeOffset.MaxValue;
    private Task _last = Task.CompletedTask;

    /// <summary>Whether the index surely has nothing of this name in its lists.</summary>
    public bool IsOut => _isListed is false;

    /// <summary>Whether the index has the name, and would touch a machine that is due then.</summary>
    public bool Covers(DateTimeOffset? dueAt) =>
        _isListed is true && _toldDueAt <= (dueAt ?? DateTimeOffset.MaxValue);

    /// <summary>Has the index cover a machine that is due then. It may not any more when the caller goes on.</summary>
    public Task<Refusal> AddAsync(DateTimeOffset? dueAt) => InOrderAsync(async () =>
    {
        // Often several wait for the same.
        if (Covers(dueAt)) return Refusal.None;

        _isListed = null;
        return await SetAsync(true, dueAt);
    });

    /// <summary>Tells the index how things stand, once all that led there is written.</summary>
    public Task TellAsync(Func<ValueTask> whenWritten, Func<(bool Exists, DateTimeOffset? DueAt)> look) =>
        InOrderAsync(async () =>
        {
            // Nothing is covered from here on, so nothing can begin before the index has answered.
            _isListed = null;
            await whenWritten();
            var (exists, dueAt) = look();
            return await SetAsync(exists, dueAt);
        });

    private async Task<Refusal> SetAsync(bool exists, DateTimeOffset? dueAt)
    {
        var refusal = await calls.AskAsync(
            async () =>
            {
                if (exists) return await index.AddAsync(name, dueAt, CancellationToken.None);

                await index.RemoveAsync(name, dueAt, CancellationToken.None);
                return Refusal.None;
            },
            CancellationToken.None);
        _isListed = exists && refusal is Refusal.None;
        _toldDueAt = dueAt ?? DateTimeOffset.MaxValue;
        return refusal;
    }

    private async Task<Refusal> InOrderAsync(Func<Task<Refusal>> tell)
    {
        var before = _last;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = done.Task;
        await before;
        try
        {
            return await tell();
        }
        finally
        {
            done.SetResult();
        }
    }
}
