using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>What can be said to one part of the names, and the clock of the machines that are cold.</summary>
/// <remarks>Never collected: without it nobody would touch what is due.</remarks>
[Reentrant]
[KeepAlive]
[RandomPlacement]
internal sealed class NameIndexGrain(
    ClusterSettings settings,
    [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
    NamedGrains<IHashKeyGrain> keys,
    NamedGrains<IQueueGrain> queues)
    : MachineGrain<NameFact>(settings, storage), INameIndexGrain
{
    /// <summary>After this time somebody looks whether there is a machine of a new name.</summary>
    private static readonly TimeSpan ConfirmAfter = TimeSpan.FromMinutes(1);

    /// <summary>A machine that is active does what is due by itself: it is given this long to do it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Whoever says that it is due now was touched by a clock that is ahead of its own.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TouchAgainAfter = TimeSpan.FromSeconds(30);
    private const int TouchedAtOnce = 16;

    private readonly int _maxKeys = (int)Math.Ceiling((double)settings.MaxKeys / settings.IndexParts);
    private readonly int _maxQueues = (int)Math.Ceiling((double)settings.MaxQueues / settings.IndexParts);
    private NameKind _kind;
    private NameRegister _register = new(0);
    private Task _touching = Task.CompletedTask;

    public static string KeyOf(NameKind kind, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}/{part}");

    public ValueTask<Refusal> AddAsync(string name, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        var now = Now();
        if (!_register.TryAdd(name, NotBefore(now, dueAt), now + ConfirmAfter, out var fact))
        {
            return new(_kind is NameKind.Keys ? Refusal.TooManyKeys : Refusal.TooManyQueues);
        }

        if (fact is not null) Commit(fact);
        LookAfter(now);
        return WhenWritten(Refusal.None);
    }

    public ValueTask RemoveAsync(string name, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        var now = Now();
        if (_register.Remove(name, NotBefore(now, dueAt)) is { } fact) Commit(fact);
        LookAfter(now);
        return WhenWrittenAsync();
    }

    public ValueTask<Page<string>> PageAsync(ListRequest request, CancellationToken cancellationToken) =>
        WhenWritten(_register.Page(request));

    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => WhenWritten(_register.Count);

    public ValueTask WakeAsync(CancellationToken cancellationToken)
    {
        LookAfter(Now());
        return ValueTask.CompletedTask;
    }

    protected override void Begin()
    {
        _kind = Enum.Parse<NameKind>(this.GetPrimaryKeyString().Split('/')[0]);
        _register = new NameRegister(_kind is NameKind.Keys ? _maxKeys : _maxQueues);
    }

    protected override void Apply(NameFact fact) => _register.Apply(fact);

    protected override IEnumerable<NameFact> Snapshot() => _register.Snapshot();

    protected override bool CanForget(DateTimeOffset now) => _register.IsEmpty;

    protected override void LookAfter(DateTimeOffset now)
    {
        // Whoever is at it looks again at its end.
        if (!_touching.IsCompleted) return;
        if (_register.NextDue + Grace <= now) _touching = TouchDueAsync();
        else WakeAt(_register.NextDue + Grace);
    }

    private static DateTimeOffset? NotBefore(DateTimeOffset now, DateTimeOffset? dueAt) =>
        dueAt < now + Soonest ? now + Soonest : dueAt;

    private async Task TouchDueAsync()
    {
        while (_register.DueNames(Now() - Grace, TouchedAtOnce) is { Count: > 0 } names)
        {
            // Not taken down: whoever is touched says when it is due next, and if it cannot, the old time still stands.
            foreach (var name in names) Apply(_register.Postpone(name, Now() + TouchAgainAfter));
            await Task.WhenAll(names.Select(TouchAsync));
        }

        WakeAt(_register.NextDue + Grace);
    }

    private async Task TouchAsync(string name)
    {
        IListedGrain machine = _kind is NameKind.Keys ? keys.Find(name) : queues.Find(name);
        try
        {
            await machine.TouchAsync(CancellationToken.None);
        }
        // Whatever is wrong with its silo or its storage: it stays due, and is touched again.
        catch (Exception)
        {
        }
    }
}
