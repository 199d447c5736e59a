namespace Signalbox.Engine.Embedded.Log;

/// <summary>Somebody who waits for a position of the log.</summary>
/// <remarks>
/// Called on the thread that has flushed or, where many of one loop wait, on that loop's: a hop to another thread for each
/// would cost more than what they have to do, and would lose their order. So nothing here may block.
/// </remarks>
public interface IDurableWaiter
{
    void Durable();

    void Lost(Exception failure);
}
