using System.Diagnostics;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Gates;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>The log on disk: what gathers while one frame is being flushed is the next frame.</summary>
/// <remarks>
/// <para>It has no thread. Somebody calls <see cref="Pump"/> over and over, one thread at a time: in the server a
/// <see cref="LogThread"/> or a loop that has nothing else to do, in a simulation whoever rolls the dice. Everything
/// else is safe for many threads.</para>
/// <para>First it is read, once; then it takes entries.</para>
/// </remarks>
public sealed partial class DiskLog : ILog, IDisposable
{
    private readonly IDisk _disk;
    private readonly TimeProvider _clock;
    private readonly LogOptions _options;
    private readonly IDisposable _hold;
    private readonly Gate _gate = new(GateRank.Log);

    private Action[] _listeners = [];
    private Action<bool>? _onWork;
    private Action<TimeSpan>? _onFlushed;
    private OpenFrame _gathering = new();
    private OpenFrame _writing = new();
    private Flush _next = new([]);
    private Flush? _current;
    private long _last;

    // Up to these it is written, or being written; flushed, or being flushed; durable.
    private long _lastWriting;
    private long _lastFlushing;
    private long _durable;

    // Written and not flushed, since nobody waits for it.
    private long _aheadBytes;
    private bool _isUrgent;
    private bool _isMuch;

    // Whether somebody waits for what is being written.
    private bool _isAwaited;
    private int _appender;
    private bool _isOfMany;
    private volatile bool _lastWasOfMany;

    // Of what gathers. What a checkpoint tells comes in portions, and nobody is refused for it.
    private long _waitingNews;
    private long _appendedBytes;
    private long _checkpoints;
    private long _lastFlushTicks;
    private volatile bool _saysClosed;
    private bool _isClosed;
    private volatile Exception? _noReserve;
    private volatile bool _isBehind;
    private volatile LogFailedException? _failure;
    private SegmentWriter? _segments;

    /// <exception cref="DirectoryInUseException">Another process has the directory.</exception>
    public DiskLog(IDisk disk, TimeProvider clock, LogOptions options)
    {
        _disk = disk;
        _clock = clock;
        _options = options;
        _hold = disk.Lock();
    }

    public LogOptions Options => _options;

    public bool HasRoom => _noReserve is null && !_isBehind && _failure is null;

    public bool SaysClosed => _saysClosed;

    /// <summary>Why there is no space ahead, so that nothing new is taken; null where there is.</summary>
    public Exception? NoReserve => _noReserve;

    /// <summary>Why it has stopped; null while it has not.</summary>
    public LogFailedException? Failure => _failure;

    /// <summary>The last position that was given out.</summary>
    public long LastPosition => Volatile.Read(ref _last);

    /// <summary>Whether somebody waits for what has gathered.</summary>
    public bool IsUrgent
    {
        get
        {
            using (_gate.Enter()) return _isUrgent;
        }
    }

    /// <summary>Whether so much has gathered that nobody waits for that it is written before it is flushed.</summary>
    public bool IsMuch
    {
        get
        {
            using (_gate.Enter()) return _isMuch;
        }
    }

    /// <summary>Whether anything is not durable yet.</summary>
    public bool HasWork
    {
        get
        {
            using (_gate.Enter()) return !_gathering.IsEmpty || !_writing.IsEmpty || _aheadBytes > 0;
        }
    }

    /// <summary>The last checkpoint that is complete.</summary>
    internal Checkpoint Checkpoint { get; private set; } = Checkpoint.Beginning;

    /// <summary>Reads all there is, then is ready to be written.</summary>
    public LogEnd Read(EntryReader onEntry, Action<LogProgress>? onProgress)
    {
        if (_segments is not null) throw new InvalidOperationException("A log is read once, before it is written.");

        var reader = new LogReader(_disk, onEntry, onProgress);
        Checkpoint = reader.Checkpoint;
        var end = reader.Read();
        _last = _lastWriting = _lastFlushing = _durable = end.Last;
        NewsBytes = Math.Max(0, end.Bytes - Checkpoint.Bytes);
        _isClosed = end.WasClosed || end.Last == 0;
        var lastWritten = DeleteUnwritten(end.LastSegment);
        // A process that was killed between its write and its flush leaves what can be read and is not durable: what
        // follows from it must not be revealed, nor another segment begun behind it.
        if (lastWritten > 0) _disk.Sync(SegmentHeader.NameOf(lastWritten));
        _segments = new SegmentWriter(_disk, _options.SegmentBytes, lastWritten);
        _saysClosed = end.WasClosed;
        Reserve();
        return end;
    }

    /// <summary>
    /// Has this called, on the thread that appends, when there is something to write: once when it begins to gather,
    /// once when it is much, once when somebody is going to wait (true).
    /// </summary>
    public void OnWork(Action<bool> onWork) => _onWork = onWork;

    /// <summary>Has this told, on the thread that pumps, how long each flush took.</summary>
    internal void OnFlushed(Action<TimeSpan> flushed) => _onFlushed = flushed;

    public void OnDurable(Action advanced)
    {
        using (_gate.Enter())
        {
            _listeners = [.. _listeners, advanced];
            _next.Listeners = _listeners;
        }
    }

    public long Append(in LogEntry entry)
    {
        long position;
        bool isNews;
        var isUrgent = false;
        using (_gate.Enter())
        {
            Debug.Assert(_segments is not null, "A log is read before it is written.");
            // Whoever has written ahead looks again when it is time to flush.
            isNews = _gathering.IsEmpty && _aheadBytes == 0;
            if (_gathering.IsEmpty) _appender = Environment.CurrentManagedThreadId;
            else _isOfMany |= _appender != Environment.CurrentManagedThreadId;
            var before = _gathering.BodyBytes;
            _gathering.Add(entry);
            Count(entry.Mark, _gathering.BodyBytes - before);
            _appendedBytes += _gathering.BodyBytes - before;
            position = ++_last;
            _isClosed = false;
            if (_waitingNews > _options.MaxWaitingBytes) _isBehind = true;
            if (entry.Durability is Durability.Always && !_isUrgent) isNews = isUrgent = _isUrgent = true;
            else if (!_isMuch && !_isUrgent && _gathering.BodyBytes >= _options.MuchBytes) isNews = _isMuch = true;
        }

        if (isNews) _onWork?.Invoke(isUrgent);
        return position;
    }

    public bool IsDurable(long position) => position <= Volatile.Read(ref _durable);

    public bool TryWait(long position, IDurableWaiter waiter)
    {
        if (IsDurable(position)) return false;

        TurnsThatWait.Count();
        LogFailedException failure;
        using (_gate.Enter())
        {
            if (IsDurable(position)) return false;
            if (_failure is null)
            {
                var flush = position <= _lastFlushing ? _current! : _next; // Not durable up to there: a flush is on.
                flush.Add(waiter);
                return true;
            }

            failure = _failure;
        }

        waiter.Lost(failure);
        return true;
    }

    /// <summary>Reserves space ahead, where that is not done: without it nothing new is taken.</summary>
    internal void Reserve()
    {
        try
        {
            Segments.Reserve();
            _noReserve = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost, whatever the reason is, and it may pass. What was begun can still be written.
            _noReserve = e;
        }
    }

    /// <summary>Puts a checkpoint in the place of the last one, and deletes what it makes needless.</summary>
    internal void Replace(Checkpoint checkpoint)
    {
        _disk.Replace(Checkpoint.FileName, checkpoint.ToBytes());
        Checkpoint = checkpoint;
        NewsBytes = 0;
        _checkpoints++;
        Segments.DeleteBefore(checkpoint.Segment);
    }

    /// <summary>Nothing more is taken, and whoever waits is told so.</summary>
    internal void Fail(Exception reason)
    {
        Flush? current;
        Flush next;
        using (_gate.Enter())
        {
            if (_failure is not null) return;
            _failure = new LogFailedException($"The log in {_disk.Path} cannot be written: {reason.Message}", reason);
            (current, next) = (_current, _next);
            _next = new Flush([]);
        }

        current?.Fail(_failure);
        next.Fail(_failure);
    }

    /// <summary>Closes the log in order: whatever gathered is written, and it is noted that nothing is missing.</summary>
    public void Dispose()
    {
        if (_segments is not null && _failure is null) Close();
        try
        {
            _segments?.Dispose();
        }
        catch (IOException)
        {
            // What could not be tidied up is tidied up by the next start.
        }

        _hold.Dispose();
    }

    private SegmentWriter Segments => _segments!; // Set when the log was read.

    private void Count(EntryMark mark, int bytes)
    {
        if ((mark & EntryMark.Told) != 0)
        {
            ToldBytes += bytes;
            return;
        }

        NewsBytes += bytes;
        _waitingNews += bytes;
    }

    // Reserved by an earlier run, and never written.
    private long DeleteUnwritten(long last)
    {
        for (; last > 0; last--)
        {
            var name = SegmentHeader.NameOf(last);
            if (!_disk.Files().Contains(name)) continue;

            using (var reader = new SegmentReader(_disk, name))
            {
                if (!reader.IsUnwrittenFrom(0)) return last;
            }

            _disk.Delete(name);
            // Or a crash could bring back this one, and not the one before it, which is next: the log would seem to lack
            // its beginning.
            _disk.SyncDirectory();
        }

        return last;
    }
}
