using System.Buffers;

namespace Signalbox.Gateways.WebSockets;

/// <summary>One frame of a client, its payload still under the mask.</summary>
/// <param name="IsCompressed">Bit RSV1: the message that begins here is compressed.</param>
/// <param name="Mask">Four bytes as they came, in the machine's order.</param>
internal readonly record struct WebSocketFrame(
    WebSocketOpcode Opcode, bool IsFinal, bool IsCompressed, uint Mask, ReadOnlySequence<byte> Payload)
{
    public bool IsControl => Opcode >= WebSocketOpcode.Close;
}
