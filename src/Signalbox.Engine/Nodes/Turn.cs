namespace Signalbox.Engine.Nodes;

/// <summary>
/// One thread's turn at a batch of commands: what they set in motion on this thread waits until the turn ends and is
/// then done here, together, instead of waking another thread for each of it.
/// </summary>
/// <remarks>
/// A turn begins and ends on one thread, with no await between. What is put off may put off more: it is done in the
/// same turn. Without a turn nothing is put off, and whoever would wake a thread does so.
/// </remarks>
public static class Turn
{
    [ThreadStatic]
    private static List<IThreadPoolWorkItem>? _putOff;

    [ThreadStatic]
    private static bool _isOpen;

    public static bool IsOpen => _isOpen;

    public static void Begin() => _isOpen = true;

    /// <summary>Does what was put off.</summary>
    public static void End()
    {
        // Still open meanwhile: the pump puts off the writing to connections, which so happens here too.
        if (_putOff is { } putOff)
        {
            for (var i = 0; i < putOff.Count; i++) putOff[i].Execute();
            putOff.Clear();
        }

        _isOpen = false;
    }

    /// <summary>Has this done at the end of the turn or, where there is none, by the pool.</summary>
    public static void PutOff(IThreadPoolWorkItem work)
    {
        if (_isOpen) (_putOff ??= []).Add(work);
        else ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}
