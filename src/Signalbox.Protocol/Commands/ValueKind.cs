namespace Signalbox.Protocol.Commands;

/// <summary>What the field <c>value</c> of a command holds.</summary>
public enum ValueKind : byte
{
    Missing,
    Null,

    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A number, a boolean, an array or an object.</summary>
    Json,
}
