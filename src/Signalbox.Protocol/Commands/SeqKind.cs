namespace Signalbox.Protocol.Commands;

/// <summary>What the field <c>seq</c> of a command holds.</summary>
public enum SeqKind : byte
{
    /// <summary>No such field, null, or an empty string.</summary>
    Missing,

    Present,

    /// <summary>An array or an object. Error 760.</summary>
    Bad,
}
