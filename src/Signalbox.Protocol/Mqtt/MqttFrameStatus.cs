namespace Signalbox.Protocol.Mqtt;

/// <summary>What the front of a byte stream holds.</summary>
public enum MqttFrameStatus : byte
{
    Complete,
    NeedMoreData,

    /// <summary>No packet can begin so, or it is too large: the connection ends, and the error says why.</summary>
    Broken,
}
