namespace Signalbox.Engine.Binary;

/// <summary>What came of reading a record.</summary>
public enum BinaryStatus
{
    Complete,

    /// <summary>The bytes end before the record does.</summary>
    Incomplete,

    /// <summary>A later version of the form than this code knows.</summary>
    UnknownVersion,

    /// <summary>A type that this code does not know: a later one wrote it.</summary>
    UnknownType,

    /// <summary>The record has its length, but is not what its type says.</summary>
    Malformed,
}
