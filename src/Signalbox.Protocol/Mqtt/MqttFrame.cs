using System.Buffers;

namespace Signalbox.Protocol.Mqtt;

/// <summary>One control packet, of which only the fixed header has been read.</summary>
/// <param name="Flags">The lower half of the first byte: only PUBLISH has any, the others were checked.</param>
/// <param name="Body">Variable header and payload: a slice of the stream.</param>
public readonly record struct MqttFrame(MqttPacketType Type, byte Flags, ReadOnlySequence<byte> Body);
