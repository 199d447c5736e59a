using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Tests;

/// <summary>Grain storage outside of all silos, which can be counted, and can be made to fail.</summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), (object State, string ETag)> _states = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<GrainId, TaskCompletionSource> _leaving = new();
    private readonly Lock _writing = new();
    private long _lastTag;

    /// <summary>The names of the states that are there, of all grains.</summary>
    public IEnumerable<string> Names => _states.Keys.Select(key => key.Name);

    /// <summary>The grains that have anything here.</summary>
    public IEnumerable<GrainId> Grains => _states.Keys.Select(key => key.Grain).Distinct();

    /// <summary>Asked before each write, by the state's name: whether it fails.</summary>
    public Func<string, bool> Fails { get; set; } = static _ => false;

    /// <summary>Asked before each write, by the grain: whether it fails.</summary>
    public Func<GrainId, bool> FailsFor { get; set; } = static _ => false;

    public bool FailsToClear { get; set; }

    /// <summary>Asked before each read, by the grain: whether it fails.</summary>
    public Func<GrainId, bool> FailsToRead { get; set; } = static _ => false;

    /// <summary>What every write waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>How many bytes of facts the longest write had.</summary>
    public int LongestWrite { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (FailsToRead(grainId)) throw new IOException("The storage fails as it was told to.");

        grainState.RecordExists = _states.TryGetValue((stateName, grainId), out var stored);
        grainState.State = grainState.RecordExists ? CopyOf((T)stored.State) : default;
        grainState.ETag = grainState.RecordExists ? stored.ETag : null;
        return Task.CompletedTask;
    }

    /// <summary>Done when a write has begun, and waits for its gate.</summary>
    public Task WaitForWriteAsync() => _begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Done when nothing is left of a grain that has something here.</summary>
    public async Task WaitUntilGoneAsync(GrainId grain)
    {
        var gone = _leaving.GetOrAdd(grain, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        TellIfGone(grain);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!Gate.IsCompleted) _begun.TrySetResult();
        await Gate;
        lock (_writing)
        {
            Check(stateName, grainId, grainState.ETag);
            Writes++;
            grainState.ETag = (++_lastTag).ToString(CultureInfo.InvariantCulture);
            grainState.RecordExists = true;
            if (grainState.State is Page page) LongestWrite = Math.Max(LongestWrite, page.Facts.Length);
            _states[(stateName, grainId)] = (CopyOf(grainState.State!)!, grainState.ETag); // What is written is there.
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (FailsToClear) throw new IOException("The storage fails as it was told to.");

        Check(stateName, grainId, grainState.ETag);
        _states.TryRemove((stateName, grainId), out _);
        TellIfGone(grainId);
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private void TellIfGone(GrainId grain)
    {
        if (!Grains.Contains(grain) && _leaving.TryGetValue(grain, out var gone)) gone.TrySetResult();
    }

    // What is stored does not change with what its writer does next.
    private static T CopyOf<T>(T state) => state switch
    {
        Page page => (T)(object)new Page { Kind = page.Kind, Facts = page.Facts },
        StoredLayout layout => (T)(object)new StoredLayout { Parts = layout.Parts, Form = layout.Form },
        JournalHead head => (T)(object)new JournalHead { First = head.First },
        _ => throw new NotSupportedException($"Nobody stores {typeof(T).Name}."),
    };

    private void Check(string stateName, GrainId grainId, string? shown)
    {
        if (Fails(stateName) || FailsFor(grainId)) throw new IOException("The storage fails as it was told to.");

        var stored = _states.TryGetValue((stateName, grainId), out var known) ? known.ETag : null;
        if (stored != shown) throw new InconsistentStateException("Somebody else was faster.", stored, shown);
    }
}
