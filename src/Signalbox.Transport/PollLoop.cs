using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signalbox.Transport;

/// <summary>
/// A thread that waits for all its connections at once, and works on what has come where it came in: no hop between
/// threads, one call to the kernel for a read and one for a write.
/// </summary>
/// <remarks>
/// Every connection gets one read at a time, and then it is the next one's turn: one that always has more does not hold
/// up the others. Changes are reported once ("edge-triggered"), so a connection is registered once and never again.
/// </remarks>
internal sealed unsafe class PollLoop : IDisposable
{
    private const int MostEvents = 512;
    private const ulong WakeMark = ulong.MaxValue;

    [ThreadStatic]
    private static PollLoop? _current;

    private readonly SafeFileHandle _poll;
    private readonly SafeFileHandle _wake;
    private readonly ConnectionTable _connections = new();
    private readonly Thread _thread;
    private readonly PollOptions _options;
    private List<SocketInput> _readOn = [];
    private List<SocketInput> _reading = [];
    private readonly PostedWork _posted = new();
    private long _worksSince; // A timestamp; 0 while it waits.
    private volatile bool _isStopping;

    public PollLoop(string name, PollOptions options, bool isSpare = false)
    {
        _options = options;
        Name = name;
        IsSpare = isSpare;
        _poll = Open(Libc.epoll_create1(Libc.CloseOnExec));
        _wake = Open(Libc.eventfd(0, Libc.CloseOnExec | Libc.NonBlocking));
        Check(Libc.Watch(_poll, _wake, Libc.Readable | Libc.OncePerChange, WakeMark));
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public string Name { get; }

    /// <summary>Whether it takes connections only while all others stand still.</summary>
    public bool IsSpare { get; }

    /// <summary>How long it has worked on one round; nothing while it waits. A round takes less than milliseconds, unless
    /// something holds it up.</summary>
    public TimeSpan WorksFor
    {
        get
        {
            var since = Volatile.Read(ref _worksSince);
            return since == 0 ? TimeSpan.Zero : _options.Clock.GetElapsedTime(since);
        }
    }

    /// <summary>Whether this is its thread.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>Reports the connection's changes from now on; the state it is in is reported at once.</summary>
    public ulong Add(SocketConnection connection)
    {
        var mark = _connections.Add(connection);
        Check(Libc.Watch(
            _poll, connection.Handle, Libc.Readable | Libc.Writable | Libc.PeerDone | Libc.OncePerChange, mark));
        return mark;
    }

    public void Remove(ulong mark) => _connections.Remove(mark);

    /// <summary>Has this one read again after all others have had their turn. Only on its thread.</summary>
    public void ReadOn(SocketInput input) => _readOn.Add(input);

    /// <summary>Has this done on its thread, soon; where the loop has ended, by the pool.</summary>
    public void Post(IThreadPoolWorkItem work)
    {
        if (!_posted.Add(work)) return;

        try
        {
            Wake();
        }
        catch (ObjectDisposedException)
        {
            // It has ended since, and has done this on its way out.
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        Wake();
        if (!IsCurrent) _thread.Join();
        _poll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        _current = this;
        _options.OnThread(Post);
        var events = (byte*)NativeMemory.Alloc((nuint)(MostEvents * Libc.EventBytes));
        while (!_isStopping)
        {
            var hasMore = _readOn.Count > 0 || !_posted.TryRest();
            Volatile.Write(ref _worksSince, 0);
            var count = Libc.epoll_wait(_poll, events, MostEvents, hasMore ? 0 : Timeout.Infinite);
            Volatile.Write(ref _worksSince, Math.Max(1, _options.Clock.GetTimestamp()));
            _posted.Wake();
            for (var i = 0; i < count; i++) Tell(events + (i * Libc.EventBytes));
            GiveTurns();
            DoPosted();
        }

        _posted.Close();
        DoPosted();
        NativeMemory.Free(events);
    }

    private void Tell(byte* change)
    {
        var mark = *(ulong*)(change + Libc.EventDataOffset);
        // It may have ended since: its mark is never another's.
        if (mark == WakeMark || _connections.Find(mark) is not { } connection) return;

        _options.BeginTurn();
        connection.Changed(*(uint*)change);
        _options.EndTurn();
    }

    private void GiveTurns()
    {
        if (_readOn.Count == 0) return;

        (_readOn, _reading) = (_reading, _readOn);
        foreach (var input in _reading)
        {
            _options.BeginTurn();
            input.Changed(isPeerDone: false);
            _options.EndTurn();
        }

        _reading.Clear();
    }

    private void DoPosted()
    {
        if (_posted.Take() is not { Count: > 0 } work) return;

        _options.BeginTurn();
        foreach (var item in work) item.Execute();
        _options.EndTurn();
        work.Clear();
    }

    private void Wake()
    {
        var one = 1UL;
        Libc.write(_wake, &one, sizeof(ulong));
    }

    private static SafeFileHandle Open(int descriptor)
    {
        if (descriptor < 0) Check(Marshal.GetLastPInvokeError());
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Check(int error)
    {
        if (error != 0) throw new Win32Exception(error);
    }
}
