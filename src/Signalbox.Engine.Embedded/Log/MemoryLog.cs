namespace Signalbox.Engine.Embedded.Log;

/// <summary>The log that keeps nothing: what is in memory is all there is, and nobody waits.</summary>
public sealed class MemoryLog : ILog
{
    public bool HasRoom => true;

    public bool SaysClosed => false;

    public long Append(in LogEntry entry) => 0;

    public bool IsDurable(long position) => true;

    public bool TryWait(long position, IDurableWaiter waiter) => false;

    public void OnDurable(Action advanced)
    {
        // Everything always is durable, so there is never anything to tell.
    }
}
