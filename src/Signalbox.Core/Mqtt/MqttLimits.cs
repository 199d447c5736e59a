namespace Signalbox.Core.Mqtt;

/// <summary>The bounds of one session.</summary>
public sealed record MqttLimits
{
    public static readonly MqttLimits Default = new();

    /// <summary>Messages that wait to be sent. When there are more, the oldest of them is dropped: in a feed the newest is
    /// worth the most. What was sent and waits for its acknowledgement is never dropped.</summary>
    public int MaxWaiting { get; init; } = 1000;

    /// <summary>The same in bytes of topics and payloads.</summary>
    public int MaxWaitingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Messages that were sent and are not acknowledged, whatever more the client would take.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>Publishes at QoS 2 that the client has begun and not released.</summary>
    public int MaxBegun { get; init; } = 100;
}
