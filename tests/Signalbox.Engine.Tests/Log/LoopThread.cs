using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Tests.Log;

/// <summary>Makes the thread that has it that of a loop, and keeps what is handed to it until a test does it.</summary>
/// <remarks>Only for tests without an await: what is so is the thread's.</remarks>
internal sealed class LoopThread : IDisposable
{
    public LoopThread()
    {
        Turn.Home = Post;
        // What another test has done on this thread does not count.
        TurnsThatWait.TakeAreAlmostAll();
    }

    public List<IThreadPoolWorkItem> Posted { get; } = [];

    /// <summary>Does something in a turn of its own, as for one connection.</summary>
    public static T InTurn<T>(Func<T> work)
    {
        Turn.Begin();
        try
        {
            return work();
        }
        finally
        {
            Turn.End();
        }
    }

    /// <summary>Does something on a thread that is no loop's, and waits for it.</summary>
    public static void OnAnother(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        thread.Join();
    }

    /// <summary>Does what was handed to it, at the end of a round, and says how much it was.</summary>
    public int DoPosted()
    {
        var posted = Posted.ToArray();
        if (posted.Length == 0) return 0;

        Posted.Clear();
        InTurn(() =>
        {
            foreach (var work in posted) work.Execute();
            return 0;
        });
        return posted.Length;
    }

    public void Dispose() => Turn.Home = null;

    private void Post(IThreadPoolWorkItem work)
    {
        lock (Posted) Posted.Add(work);
    }
}
