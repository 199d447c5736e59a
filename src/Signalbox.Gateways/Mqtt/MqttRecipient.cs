using Signalbox.Protocol.Mqtt;

namespace Signalbox.Gateways.Mqtt;

/// <summary>What a message is written for: one connection, or all of a kind.</summary>
/// <param name="MaxBytes">The longest packet that it takes.</param>
/// <param name="Aliases">Null where it takes none.</param>
internal readonly record struct MqttRecipient(MqttVersion Version, int MaxBytes, MqttSentAliases? Aliases);
