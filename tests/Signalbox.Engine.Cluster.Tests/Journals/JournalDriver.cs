using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Tests.Journals;

/// <summary>A machine that keeps the last versions it was told of, and its journal.</summary>
internal sealed class JournalDriver(TestStorage storage, int keeps = int.MaxValue) : IJournaled
{
    private static readonly GrainId Grain = GrainId.Create("test", "machine");

    private readonly List<KeySet> _facts = [];
    private Journal _journal = null!; // Opened before anything is done with it.

    public IReadOnlyList<long> Versions => [.. _facts.Select(fact => fact.Version)];

    /// <summary>The last of them; 0 for none.</summary>
    public long Last => _facts.Count == 0 ? 0 : _facts[^1].Version;

    public List<Exception> Failures { get; } = [];

    public bool CanForget { get; set; }

    public async Task OpenAsync() =>
        _journal = await Journal.OpenAsync(new PageStorage(storage, Grain), this, Failures.Add);

    /// <summary>Something happens, that takes about so many bytes to tell.</summary>
    public void Add(long version, int sizeBytes = 0)
    {
        var fact = new KeySet(new Payload(new byte[sizeBytes], PayloadKind.Binary), version, null, null, default);
        _journal.Add(fact);
        Apply(fact);
    }

    public Task WhenWrittenAsync() => _journal.WhenWrittenAsync().AsTask();

    public async Task AddAndWaitAsync(long version, int sizeBytes = 0)
    {
        Add(version, sizeBytes);
        await WhenWrittenAsync();
    }

    public Task CloseAsync() => _journal.CloseAsync();

    public void Begin() => _facts.Clear();

    public void Apply(object fact)
    {
        _facts.Add((KeySet)fact);
        if (_facts.Count > keeps) _facts.RemoveAt(0);
    }

    public IEnumerable<object> Snapshot() => _facts;
}
