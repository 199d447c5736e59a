using System.Threading.Tasks.Sources;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>
/// Frames on their way to one connection: many threads append, one writer takes all that has gathered.
/// </summary>
/// <remarks>Two buffers change places, so in a steady state nothing is allocated and a burst is one write.</remarks>
internal sealed class Outbox : IValueTaskSource<bool>
{
    // What waits in the client for the network. Calls beyond it wait as objects, until their time is up.
    private const int MaxGathered = 1024 * 1024;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private JsonBuffer _filling = new();
    private JsonBuffer _writing = new();
    private bool _isAwaited;
    private bool _isClosed;
    private long _appended;
    private long _handed;

    /// <summary>How many bytes were ever appended.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>How many of them the writer took: those may be with the server, later ones are not.</summary>
    public long Handed => Volatile.Read(ref _handed);

    public bool HasRoom => Appended - Handed < MaxGathered;

    /// <returns>Where these bytes begin, counted as <see cref="Handed"/> is.</returns>
    public long Append(ReadOnlySpan<byte> frame)
    {
        bool wakes;
        long start;
        lock (_gate)
        {
            start = _appended;
            _filling.Write(frame);
            Volatile.Write(ref _appended, start + frame.Length);
            wakes = _isAwaited;
            _isAwaited = false;
        }

        if (wakes) _signal.SetResult(true);
        return start;
    }

    /// <summary>Done when there is something to take; false when there will be no more.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_isClosed) return new ValueTask<bool>(false);
            if (_filling.Length > 0) return new ValueTask<bool>(true);

            _isAwaited = true;
            _signal.Reset();
            return new ValueTask<bool>(this, _signal.Version);
        }
    }

    /// <summary>All that has gathered. Good until the next call.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            (_filling, _writing) = (_writing, _filling);
            _filling.Clear();
            Volatile.Write(ref _handed, _appended);
            return _writing.WrittenMemory;
        }
    }

    public void Close()
    {
        bool wakes;
        lock (_gate)
        {
            _isClosed = true;
            wakes = _isAwaited;
            _isAwaited = false;
        }

        if (wakes) _signal.SetResult(false);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);
}
