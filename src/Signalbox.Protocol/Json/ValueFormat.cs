namespace Signalbox.Protocol.Json;

/// <summary>What the bytes of a value are, and so how JSON carries them.</summary>
public enum ValueFormat : byte
{
    /// <summary>Any bytes. They travel as base64, with <c>"encoding":"base64"</c> beside.</summary>
    Binary = 0,

    /// <summary>Valid UTF-8 that travels as a JSON string.</summary>
    Text = 1,

    /// <summary>A JSON value that travels as it is.</summary>
    Json = 2,
}
