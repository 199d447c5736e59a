using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Signalbox.Gateways.Outbound;

// The side of the one thread that writes; how it comes to have something to write is in the other file.
internal sealed partial class OutboundQueue
{
    // What goes into the pipe cannot be dropped any more, so not too much at a time; but enough for a good write.
    private const int ChunkBytes = 32 * 1024;

    /// <summary>Writes what waits. Called by a lane.</summary>
    internal void Drain()
    {
        using (_gate.Enter())
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
        using (_gate.Enter())
        {
            if (_isDead || (_backlog.Count == 0 && _urgent is null))
            {
                _isDraining = false;
                _still?.TrySetResult();
                _still = null;
                Tell();
                return false;
            }

            // The pipe's memory is this connection's own, so writing under the gate holds up only those who add to it.
            if (_urgent is not null)
            {
                foreach (var bytes in _urgent)
                {
                    _pipe.Write(bytes.Span);
                    _flushing += bytes.Length;
                }

                _urgent = null;
            }

            var written = 0;
            while (_backlog.Count > 0 && written < ChunkBytes)
            {
                var entry = _backlog.Take();
                written += WriteEntry(entry);
                if (entry.HandOver is not null) (_written ??= []).Add(entry.HandOver);
            }

            _flushing += written;

            if (_backlog.Bytes <= _comfortableBytes && _room is not null)
            {
                _room.TrySetResult();
                _room = null;
            }

            return true;
        }
    }

    private int WriteEntry(OutboundEntry entry)
    {
        if (entry.Batch is not null && Stamp is not null) return Stamp(_pipe, entry);

        _pipe.Write(entry.Bytes.Span);
        return entry.Bytes.Length;
    }

    /// <returns>False where the transport has enough for now: it calls back when it wants more.</returns>
    private bool Flush()
    {
        Metrics.BytesWritten(Protocol, _flushing);
        _flushing = 0;
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
}
