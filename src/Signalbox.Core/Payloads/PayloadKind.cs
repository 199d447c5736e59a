namespace Signalbox.Core.Payloads;

/// <summary>What a payload's bytes are known to be. Settled once, where the payload comes in.</summary>
public enum PayloadKind : byte
{
    /// <summary>Any bytes. JSON protocols carry them as base64.</summary>
    Binary = 0,

    /// <summary>Valid UTF-8 that is not JSON. JSON protocols carry it as a string.</summary>
    Text = 1,

    /// <summary>A valid JSON value. JSON protocols carry it as it is.</summary>
    Json = 2,
}
