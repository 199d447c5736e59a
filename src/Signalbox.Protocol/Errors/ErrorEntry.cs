namespace Signalbox.Protocol.Errors;

/// <summary>How one error looks on every protocol.</summary>
/// <param name="Name">The word for it in metrics, logs and documentation.</param>
/// <param name="MqttReason">The MQTT 5 reason code. Where a packet does not allow it, 0x83 stands in.</param>
/// <param name="WebSocketClose">The close code, where the error ends a WebSocket connection.</param>
/// <param name="Retry">The same command may succeed later, without a change.</param>
/// <param name="Close">The error always ends the connection. (Some others do where they leave no way to go on.)</param>
/// <param name="Sentence">What the client's author should know.</param>
public sealed record ErrorEntry(
    ErrorCode Code,
    string Name,
    int HttpStatus,
    byte MqttReason,
    int WebSocketClose,
    bool Retry,
    bool Close,
    string Sentence);
