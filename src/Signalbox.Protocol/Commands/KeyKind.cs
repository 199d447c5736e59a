namespace Signalbox.Protocol.Commands;

/// <summary>What the field <c>key</c> of a command holds.</summary>
public enum KeyKind : byte
{
    /// <summary>No such field, or null.</summary>
    Missing,

    One,

    /// <summary>An array of keys; it may be empty.</summary>
    Many,

    /// <summary>Neither a string, nor an integer of 64 bits, nor an array of these. Error 770.</summary>
    Bad,
}
