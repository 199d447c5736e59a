namespace Signalbox.Gateways.WebSockets;

/// <summary>What a data frame makes of a message. All but the first two end the connection.</summary>
internal enum AssemblyStatus : byte
{
    Complete,
    NeedsMoreFrames,

    /// <summary>It continues nothing, or begins within another.</summary>
    ProtocolError,

    BadCompression,

    /// <summary>It is text, and not UTF-8.</summary>
    BadText,

    /// <summary>It is too long when expanded.</summary>
    TooLarge,
}
