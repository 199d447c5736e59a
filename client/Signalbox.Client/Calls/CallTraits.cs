namespace Signalbox.Client;

/// <summary>What the table of calls has to know of a command.</summary>
[Flags]
internal enum CallTraits
{
    None = 0,

    /// <summary>Doing it twice is as good as once: it only reads, or the server knows a repeat by its id. So it is sent
    /// again when the connection broke before its reply.</summary>
    Repeatable = 1,

    /// <summary>It settles a lease. It is sent again too; but where the repeat is refused, nobody can tell whether the
    /// first try had done it.</summary>
    ByReceipt = 2,

    /// <summary>Error 409 is one of its answers and not an exception.</summary>
    ConflictIsAnswer = 4,

    /// <summary>It belongs to one connection and neither waits for the next nor moves to it.</summary>
    OfConnection = 8,

    /// <summary>The reply counts even when nobody waits for it any more: it may carry an item.</summary>
    LateReplyCounts = 16,
}
