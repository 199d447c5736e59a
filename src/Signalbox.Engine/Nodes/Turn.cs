namespace Signalbox.Engine.Nodes;

/// <summary>
/// One thread's turn at a batch of commands: what they set in motion on this thread waits until the turn ends and is
/// then done here, together, instead of waking another thread for each of it.
/// </summary>
/// <remarks>
/// A turn begins and ends on one thread, with no await between. What is put off may put off more, and may begin turns
/// of its own: all of it is done in the outermost turn. Without a turn nothing is put off: the pool does it.
/// </remarks>
public static class Turn
{
    // So much that belongs to other threads is done here all the same: to wake them costs more.
    private const int Few = 16;

    [ThreadStatic]
    private static Queue<IThreadPoolWorkItem>? _putOff;

    [ThreadStatic]
    private static int _depth;

    [ThreadStatic]
    private static long _number;

    [ThreadStatic]
    private static Action<IThreadPoolWorkItem>? _home;

    public static bool IsOpen => _depth > 0;

    /// <summary>How many turns this thread has begun.</summary>
    public static long Number => _number;

    /// <summary>How other threads hand work to this one; null where they cannot. The thread sets it, once.</summary>
    public static Action<IThreadPoolWorkItem>? Home
    {
        get => _home;
        set => _home = value;
    }

    public static void Begin()
    {
        if (_depth++ == 0) _number++;
    }

    /// <summary>Does what was put off.</summary>
    public static void End()
    {
        try
        {
            // Still open meanwhile: the pump puts off the writing to connections, which so happens here too.
            if (_depth == 1 && _putOff is { Count: > 0 } putOff) DoAll(putOff);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Has this done at the end of the turn or, where there is none, by the pool.</summary>
    public static void PutOff(IThreadPoolWorkItem work)
    {
        if (_depth > 0) (_putOff ??= new()).Enqueue(work);
        else ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    private static void DoAll(Queue<IThreadPoolWorkItem> putOff)
    {
        var isMany = false;
        while (putOff.TryDequeue(out var work))
        {
            isMany |= putOff.Count >= Few;
            if (isMany && work is IHomedWork { Home: { } home } && home != _home) home(work);
            else work.Execute();
        }
    }
}
