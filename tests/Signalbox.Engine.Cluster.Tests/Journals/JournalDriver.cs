using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Tests.Journals;

/// <summary>A machine that keeps the versions it was told of, and its journal.</summary>
internal sealed class JournalDriver(TestStorage storage) : IJournaled
{
    private static readonly GrainId Grain = GrainId.Create("test", "machine");

    private Journal _journal = null!; // Opened before anything is done with it.

    public List<long> Versions { get; } = [];

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

    public void Begin() => Versions.Clear();

    public void Apply(object fact) => Versions.Add(((KeySet)fact).Version);

    public IEnumerable<object> Snapshot() =>
        Versions.Select(version => new KeySet(Payload.Null, version, null, null, default));
}
