namespace Signalbox.Core.Mqtt;

/// <summary>A message that was sent and is not acknowledged to the end.</summary>
internal sealed class MqttInFlight(ushort packetId, MqttMessage message)
{
    public ushort PacketId { get; } = packetId;

    public MqttMessage Message { get; set; } = message;

    /// <summary>Whether the client has it (PUBREC): what is left is to release its number.</summary>
    public bool IsReleased { get; set; }

    /// <summary>When it was sent first, or released: what is sent again goes in this order.</summary>
    public long Ticket { get; set; }

    /// <summary>Whether it was sent on this connection, and so uses up of what the client takes at a time.</summary>
    public bool IsCounted { get; set; }
}
