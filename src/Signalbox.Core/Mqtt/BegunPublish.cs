namespace Signalbox.Core.Mqtt;

/// <summary>A publish at QoS 2 that the client has begun and not released.</summary>
/// <param name="Number">Another one for each message of the session.</param>
/// <param name="IsTaken">Whether the channel has it for certain.</param>
public readonly record struct BegunPublish(string Channel, long Number, bool IsTaken);
