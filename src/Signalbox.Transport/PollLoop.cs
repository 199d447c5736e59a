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
internal sealed class PollLoop : IDisposable
{
    private const int MostEvents = 512;
    private const ulong WakeMark = ulong.MaxValue;

    // A thread that nobody can wake finds what there is within this time.
    private const int LongestWaitMilliseconds = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [ThreadStatic]
    private static PollLoop? _current;

    private readonly SafeFileHandle _poll;
    private readonly SafeFileHandle _wake;
    private readonly ConnectionTable _connections = new();
    private readonly Thread _thread;
    private readonly PollOptions _options;
    private readonly TransportNews _news;
    private readonly Kernel _kernel;
    private readonly ManualResetEventSlim _pauseEnd = new();
    private List<SocketInput> _readOn = [];
    private List<SocketInput> _reading = [];
    private readonly PostedWork _posted = new();
    private long _worksSince; // A timestamp; 0 while it waits.
    private volatile bool _isStopping;

    /// <exception cref="IOException">The kernel has no room for another one.</exception>
    public PollLoop(string name, PollOptions options, TransportNews news, bool isSpare = false)
    {
        _options = options;
        Name = name;
        IsSpare = isSpare;
        _news = news;
        _kernel = options.Kernel;
        _poll = Open(_kernel.OpenPoll());
        _wake = new SafeFileHandle();
        try
        {
            _wake = Open(_kernel.OpenSignal());
            if (_kernel.Watch(_poll, _wake, Libc.Readable | Libc.OncePerChange, WakeMark) is < 0 and var error) throw Refusal(-error);

            _thread = new Thread(Run) { Name = name, IsBackground = true };
            _thread.Start();
        }
        catch
        {
            Close();
            throw;
        }
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

    public Kernel Kernel => _kernel;

    /// <summary>Reports the connection's changes from now on; the state it is in is reported at once.</summary>
    /// <returns>0, or why it cannot.</returns>
    public int TryAdd(SocketConnection connection, out ulong mark)
    {
        mark = _connections.Add(connection);
        const uint changes = Libc.Readable | Libc.Writable | Libc.PeerDone | Libc.OncePerChange;
        var answer = _kernel.Watch(_poll, connection.Handle, changes, mark);
        if (answer < 0) _connections.Remove(mark);
        return Math.Max(-answer, 0);
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
        Close();
    }

    private void Close()
    {
        _poll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        _current = this;
        _options.OnThread(Post);
        var events = GC.AllocateUninitializedArray<byte>(MostEvents * Libc.EventBytes, pinned: true);
        while (!_isStopping)
        {
            var count = WaitForChanges(events);
            for (var i = 0; i < count; i++) Tell(events.AsSpan(i * Libc.EventBytes, Libc.EventBytes));
            GiveTurns();
            DoPosted();
        }

        _posted.Close();
        DoPosted();
    }

    private int WaitForChanges(byte[] events)
    {
        var hasMore = _readOn.Count > 0 || !_posted.TryRest();
        Volatile.Write(ref _worksSince, 0);
        var count = _kernel.Wait(_poll, events, hasMore ? 0 : LongestWaitMilliseconds);
        if (count < 0 && count != -Libc.Interrupted) RestAfter(-count);
        Volatile.Write(ref _worksSince, Math.Max(1, _options.Clock.GetTimestamp()));
        _posted.Wake();
        return count;
    }

    // There is nothing to wait with, and nothing to do but to try again; what is posted is done all the same.
    private void RestAfter(int error)
    {
        _news.NotWaited(error);
        _pauseEnd.Reset();
        if (!_isStopping && _readOn.Count == 0 && _posted.TryRest()) _kernel.Rest(_pauseEnd, Pause);
    }

    private void Tell(ReadOnlySpan<byte> change)
    {
        var mark = MemoryMarshal.Read<ulong>(change[Libc.EventDataOffset..]);
        // It may have ended since: its mark is never another's.
        if (mark == WakeMark || _connections.Find(mark) is not { } connection) return;

        _options.BeginTurn();
        connection.Changed(MemoryMarshal.Read<uint>(change));
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
        _pauseEnd.Set();
        // Where the signal cannot take another one it has been given.
        if (_kernel.Signal(_wake) is < 0 and not -Libc.WouldBlock and var error) _news.NotSignalled(-error);
    }

    private static SafeFileHandle Open(int answer) =>
        answer >= 0 ? new SafeFileHandle(answer, ownsHandle: true) : throw Refusal(-answer);

    private static IOException Refusal(int error) =>
        new($"The kernel has no room for what connections are waited for with: {TransportNews.Sentence(error)}");
}
