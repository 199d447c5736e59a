using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Embedded.Log.Writing;

// How what has gathered gets into the file and is flushed. For one thread at a time.
public sealed partial class DiskLog
{
    /// <summary>Writes what has gathered and flushes all that is written, and lets out whoever waited for it.</summary>
    /// <returns>False where there is nothing to write or flush, no space for it, or never will be.</returns>
    public bool Pump()
    {
        if (Write() is not { } flush) return false;

        flush.Complete();
        return true;
    }

    /// <summary>As <see cref="Pump"/>, for a caller that holds the writer's gate: it lets out those that waited when it has
    /// left that, since what they go on with may want anything.</summary>
    /// <returns>Null where there is nothing to write or flush, no space for it, or never will be.</returns>
    internal Flush? Write()
    {
        if (!CanWrite() || !TryTakeAll()) return null;

        var begun = _clock.GetTimestamp();
        if (!_writing.IsEmpty && !TryWrite(isClosing: false)) return null;
        if (!TryFlush()) return null;

        var took = _clock.GetElapsedTime(begun);
        Volatile.Write(ref _lastFlushTicks, took.Ticks);
        _onFlushed?.Invoke(took);
        Flush flush;
        using (_gate.Enter())
        {
            flush = _current!; // It has just been taken.
            _current = null;
            _writing.Clear();
            _aheadBytes = 0;
            _isBehind = _waitingNews > _options.MaxWaitingBytes;
            Volatile.Write(ref _durable, _lastFlushing);
            _saysClosed = false;
        }

        return flush;
    }

    /// <summary>
    /// Writes what has gathered, and leaves it to the next <see cref="Pump"/> to flush it: so what nobody waits for does
    /// not pile up until then, and is written while the processor still has it at hand.
    /// </summary>
    /// <returns>False where somebody waits for it, there is nothing to write, no space for it, or never will be.</returns>
    public bool WriteAhead()
    {
        if (!CanWrite()) return false;

        using (_gate.Enter())
        {
            if (_isUrgent || _gathering.IsEmpty || _current is not null) return false;

            TurnOver();
        }

        return TryWriteRest();
    }

    // What there was no space for the last time goes before anything else; with a flush, where it was taken for one.
    private bool CanWrite()
    {
        if (_failure is not null) return false;

        Reserve();
        return _current is not null || TryWriteRest();
    }

    private bool TryTakeAll()
    {
        using (_gate.Enter())
        {
            if (_current is not null) return true;
            if (_gathering.IsEmpty && _aheadBytes == 0) return false;

            TurnOver();
            _current = _next;
            _next = new Flush(_listeners);
            _lastFlushing = _last;
            return true;
        }
    }

    // What gathered becomes what is written; there is nothing else to be written. Under the gate.
    private void TurnOver()
    {
        (_gathering, _writing) = (_writing, _gathering);
        _lastWriting = _last;
        _isAwaited = _isUrgent;
        _isUrgent = _isMuch = false;
        _lastWasOfMany = _isOfMany;
        _isOfMany = false;
        _waitingNews = 0;
    }

    private bool TryWriteRest()
    {
        if (_writing.IsEmpty) return true;
        if (!TryWrite(isClosing: false)) return false;

        using (_gate.Enter())
        {
            _aheadBytes += _writing.BodyBytes;
            _writing.Clear();
            _isBehind = _waitingNews > _options.MaxWaitingBytes;
        }

        return true;
    }

    private bool TryWrite(bool isClosing)
    {
        var first = _lastWriting - _writing.Count + 1;
        try
        {
            var frame = _writing.Seal(first, _durable, _clock.GetUtcNow(), isClosing);
            Segments.Write(frame, first);
            // Long frames have little use for it, and of what nobody waits for the flush may be long.
            if (_isAwaited && !isClosing && frame.Length < _options.FillBytes) Segments.Fill(_options.FillBytes);
            return true;
        }
        catch (DiskFullException e)
        {
            // Nobody was told of it, so it can wait.
            _noReserve = e;
            return false;
        }
        catch (IOException e)
        {
            Fail(e);
            return false;
        }
    }

    private bool TryFlush()
    {
        try
        {
            Segments.Sync();
            return true;
        }
        catch (IOException e)
        {
            Fail(e);
            return false;
        }
    }

    private void Close()
    {
        while (Pump())
        {
            // Whoever is let out may have more to write.
        }

        if (HasWork || _failure is not null || _isClosed) return;

        using (_gate.Enter()) _lastWriting = _last;
        if (TryWrite(isClosing: true) && TryFlush()) Segments.Close();
    }
}
