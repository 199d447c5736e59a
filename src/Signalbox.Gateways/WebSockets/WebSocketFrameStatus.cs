namespace Signalbox.Gateways.WebSockets;

/// <summary>What the front of a client's bytes holds. All but the first three end the connection.</summary>
internal enum WebSocketFrameStatus : byte
{
    Complete,
    NeedMoreData,

    /// <summary>A frame of which some of the payload is not there yet.</summary>
    Begun,

    /// <summary>No client that keeps to RFC 6455 sends this.</summary>
    ProtocolError,

    /// <summary>The announced length is above the limit.</summary>
    TooLarge,
}
