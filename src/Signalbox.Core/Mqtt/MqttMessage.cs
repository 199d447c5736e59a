using Signalbox.Core.Channels;

namespace Signalbox.Core.Mqtt;

/// <summary>A message on its way to one session, that has to arrive.</summary>
/// <param name="Message">Shared with the channel's history and all other sessions: what waits costs little. Null where
/// only the log speaks of it, and the history has it.</param>
/// <param name="Place">Where the channel's history has it; null where the session itself has to keep it.</param>
/// <param name="Group">The shared subscription by which it came, as it was subscribed to; null for none. What was not
/// sent yet may go to somebody else.</param>
/// <param name="ExpiresAt">After this it is not worth sending; null for never.</param>
public sealed record MqttMessage(
    string Channel,
    Message? Message,
    ChannelPosition? Place,
    MqttDelivery Delivery,
    string? Group,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>What it is counted as.</summary>
    public int Bytes => Channel.Length + (Message?.Payload.Length ?? 0);

    /// <summary>What the log keeps of it: what the history has is not written again for each session.</summary>
    public MqttMessage ToKeep() => Place is null ? this : this with { Message = null };
}
