namespace Signalbox.Core.Payloads;

/// <summary>How surely its sender wants a message delivered, on protocols that know degrees of it (MQTT's QoS).</summary>
/// <remarks>The numbers are part of the binary form.</remarks>
public enum Quality : byte
{
    /// <summary>As surely as each subscriber asks: what was published on a protocol without degrees.</summary>
    Any = 0,

    AtMostOnce = 1,

    AtLeastOnce = 2,

    ExactlyOnce = 3,
}
