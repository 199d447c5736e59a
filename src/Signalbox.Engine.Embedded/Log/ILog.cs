namespace Signalbox.Engine.Embedded.Log;

/// <summary>
/// Where facts become durable. Appending is quick and orders the facts; durability comes later, for many at once, and
/// whoever reveals a fact to anybody waits for it.
/// </summary>
/// <remarks>Safe for many threads. A machine's facts are appended by its one writer, in their order.</remarks>
public interface ILog
{
    /// <summary>
    /// Whether it takes more. Where not, whoever would change something is refused before anything is changed; what
    /// was begun before may still be finished, and is appended all the same.
    /// </summary>
    bool HasRoom { get; }

    /// <summary>
    /// Whether what was written last says that nothing is missing. Until something is written after it, a crash would
    /// pass for an end in order: so even what nobody waits for is waited for then.
    /// </summary>
    bool SaysClosed { get; }

    /// <summary>Takes the fact.</summary>
    /// <returns>Its position: positions rise, from 1; 0 where nobody ever has to wait.</returns>
    long Append(in LogEntry entry);

    /// <summary>Whether everything up to this position is durable.</summary>
    bool IsDurable(long position);

    /// <summary>Calls the waiter, once, when everything up to this position is durable, or never will be.</summary>
    /// <returns>False where it is durable already: the waiter is not called then.</returns>
    bool TryWait(long position, IDurableWaiter waiter);

    /// <summary>Has this called, on a thread of the log, each time that more has become durable.</summary>
    void OnDurable(Action advanced);
}
