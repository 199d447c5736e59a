using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Outbound;

/// <summary>
/// The way out of one connection. Anybody may add to it and nobody waits; at any time at most one thread writes,
/// gathers what waits into few large writes, and leaves when there is no more.
/// </summary>
/// <remarks>
/// The thread that writes is a lane's after a fan-out, the connection's own after a command (a reply then goes straight
/// into the pipe), or the transport's when a peer that was behind has read on.
/// </remarks>
internal sealed class OutboundQueue
{
    // What goes into the pipe cannot be dropped any more, so not too much at a time; but enough for a good write.
    private const int ChunkBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly PipeWriter _pipe;
    private readonly WriteLane _lane;
    private readonly Backlog _backlog;
    private readonly Action _onOverflow;
    private readonly int _comfortableBytes;
    private Action? _resume;
    private ValueTaskAwaiter<FlushResult> _flush;
    private List<IHandOver>? _written;
    private List<ReadOnlyMemory<byte>>? _urgent;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _drained;
    private bool _isDraining;
    private bool _isQueued;
    private bool _isEnding;
    private bool _isDead;
    private bool _hasLetGo;

    /// <param name="onOverflow">Called, once, when the peer reads too slowly to be kept.</param>
    public OutboundQueue(
        PipeWriter pipe, WriteLane lane, int maxBytes, Func<Gap, ReadOnlyMemory<byte>> encodeGap, Action onOverflow)
    {
        _pipe = pipe;
        _lane = lane;
        _backlog = new Backlog(maxBytes, encodeGap);
        _onOverflow = onOverflow;
        _comfortableBytes = maxBytes / 4;
    }

    /// <summary>Adds deliveries, or gives up what the channel's policy says.</summary>
    public void Deliver(DeliveryBatch batch, EncodedBatch encoded, int first)
    {
        bool isOverflow;
        lock (_gate)
        {
            if (_isEnding || _isDead) return;

            isOverflow = !_backlog.TryAddDeliveries(batch, encoded, first);
            if (isOverflow)
            {
                _isEnding = true;
                _backlog.Clear();
            }
            else
            {
                if (_isDraining || _isQueued) return;
                _isQueued = true;
            }
        }

        if (isOverflow) _onOverflow();
        else _lane.Add(this);
    }

    /// <summary>Adds replies: straight into the pipe where nothing is before them.</summary>
    /// <param name="bytes">Copied where they have to wait.</param>
    public void Reply(ReadOnlySpan<byte> bytes, IHandOver? handOver)
    {
        var isDirect = false;
        var isLost = false;
        lock (_gate)
        {
            if (_isEnding || _isDead)
            {
                isLost = true;
            }
            else if (!_isDraining && _backlog.Count == 0 && _urgent is null)
            {
                isDirect = _isDraining = true;
            }
            else
            {
                _backlog.AddReply(OutboundEntry.OfReply(bytes.ToArray(), handOver));
                if (_isDraining || _isQueued) return;
                _isQueued = true;
            }
        }

        if (isLost)
        {
            handOver?.Lost();
        }
        else if (isDirect)
        {
            _pipe.Write(bytes);
            if (handOver is not null) (_written ??= []).Add(handOver);
            FlushAndDrain();
        }
        else
        {
            _lane.Add(this);
        }
    }

    /// <summary>Adds something small that goes before all that waits: pings, and the last word of a connection.</summary>
    public void Urgent(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_isDead) return;
            (_urgent ??= []).Add(bytes);
            if (_isDraining || _isQueued) return;
            _isQueued = true;
        }

        _lane.Add(this);
    }

    /// <summary>Whether the peer leaves so many replies unread that it should not be read from either.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate) return _backlog.Bytes > _comfortableBytes && !_isDead;
        }
    }

    /// <summary>Completes when there is room for more replies, or the connection is at its end.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_backlog.Bytes <= _comfortableBytes || _isDead || _isEnding || _hasLetGo) return Task.CompletedTask;
            return (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Nobody waits for room any more: the connection is to end, and whoever waits has to see to that.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            _hasLetGo = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Takes nothing more; completes when what waits has gone to the transport.</summary>
    /// <param name="lastWord">Goes behind all that waits; empty where there is none.</param>
    public Task EndAsync(ReadOnlyMemory<byte> lastWord)
    {
        Task drained;
        lock (_gate)
        {
            _isEnding = true;
            if (_isDead) return Task.CompletedTask;
            if (!lastWord.IsEmpty) _backlog.AddReply(OutboundEntry.OfReply(lastWord, null));
            if (!_isDraining && _backlog.Count == 0 && _urgent is null) return Task.CompletedTask;
            drained = (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (_isDraining || _isQueued) return drained;
            _isQueued = true;
        }

        _lane.Add(this);
        return drained;
    }

    /// <summary>The connection is gone: gives up everything that waits.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _isDead = _isEnding = true;
            _backlog.Clear();
            _urgent = null;
            Tell();
        }
    }

    /// <summary>Writes what waits. Called by a lane.</summary>
    internal void Drain()
    {
        lock (_gate)
        {
            _isQueued = false;
            if (_isDraining) return;
            _isDraining = true;
        }

        DrainOn();
    }

    private void DrainOn()
    {
        while (WriteChunk())
        {
            if (!Flush()) return;
        }
    }

    private void FlushAndDrain()
    {
        if (Flush()) DrainOn();
    }

    /// <returns>False where there was nothing left, and this thread no longer writes.</returns>
    private bool WriteChunk()
    {
        lock (_gate)
        {
            if (_isDead || (_backlog.Count == 0 && _urgent is null))
            {
                _isDraining = false;
                Tell();
                return false;
            }

            // The pipe's memory is this connection's own, so writing under the gate holds up only those who add to it.
            if (_urgent is not null)
            {
                foreach (var bytes in _urgent) _pipe.Write(bytes.Span);
                _urgent = null;
            }

            for (var written = 0; _backlog.Count > 0 && written < ChunkBytes;)
            {
                var entry = _backlog.Take();
                _pipe.Write(entry.Bytes.Span);
                written += entry.Bytes.Length;
                if (entry.HandOver is not null) (_written ??= []).Add(entry.HandOver);
            }

            if (_backlog.Bytes <= _comfortableBytes && _room is not null)
            {
                _room.TrySetResult();
                _room = null;
            }

            return true;
        }
    }

    /// <returns>False where the transport has enough for now: it calls back when it wants more.</returns>
    private bool Flush()
    {
#pragma warning disable CA2012 // Awaited once, here or in the callback; a state machine for each flush would cost more.
        var flush = _pipe.FlushAsync(CancellationToken.None).GetAwaiter();
#pragma warning restore CA2012
        if (flush.IsCompleted)
        {
            AfterFlush(flush);
            return true;
        }

        _flush = flush;
        _flush.UnsafeOnCompleted(_resume ??= Resume);
        return false;
    }

    private void Resume()
    {
        AfterFlush(_flush);
        DrainOn();
    }

    private void AfterFlush(ValueTaskAwaiter<FlushResult> flush)
    {
        bool isAlive;
        try
        {
#pragma warning disable CA2012, RS0030 // The flush is complete: so is its result taken without a state machine.
            isAlive = !flush.GetResult().IsCompleted;
#pragma warning restore CA2012, RS0030
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            isAlive = false;
        }

        var written = _written;
        _written = null;
        if (!isAlive) Kill();
        if (written is null) return;

        foreach (var handOver in written)
        {
            if (isAlive) handOver.Written();
            else handOver.Lost();
        }
    }

    private void Tell()
    {
        _room?.TrySetResult();
        _room = null;
        _drained?.TrySetResult();
        _drained = null;
    }
}
