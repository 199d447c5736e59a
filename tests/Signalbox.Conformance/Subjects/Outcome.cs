namespace Signalbox.Conformance.Subjects;

/// <summary>How a request ended, as finely as every protocol says it.</summary>
public enum Outcome
{
    Done,

    /// <summary>It does not fit what is there: a condition, a lease, a value that is no number. (409)</summary>
    Conflict,

    /// <summary>A limit is reached. (740)</summary>
    Limit,

    /// <summary>The request can never be right here. (760)</summary>
    Malformed,
}
