using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Signalbox.Gateways.WebSockets;

/// <summary>How a connection ends: what a close frame says.</summary>
/// <param name="Code">A close code that may be sent; 0 for a close frame without one.</param>
internal sealed record WebSocketClose(int Code, string Reason)
{
    public const int Normal = 1000;
    private const int ProtocolErrorCode = 1002;
    private const int InvalidDataCode = 1007;

    public static readonly WebSocketClose Violation = new(ProtocolErrorCode, "this is not how RFC 6455 says it");

    public static readonly WebSocketClose BadCompression = new(InvalidDataCode, "what is compressed cannot be expanded");

    /// <summary>What to answer to a peer's close frame: its own code, or why that is none.</summary>
    public static WebSocketClose AnswerTo(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return new WebSocketClose(0, "");
        if (payload.Length < sizeof(ushort)) return Violation;

        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!MayBeSent(code)) return Violation;
        return Utf8.IsValid(payload[sizeof(ushort)..]) ? new WebSocketClose(code, "") : new WebSocketClose(InvalidDataCode, "a reason is UTF-8");
    }

    public byte[] ToPayload()
    {
        if (Code == 0) return [];

        var payload = new byte[sizeof(ushort) + Encoding.UTF8.GetByteCount(Reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)Code);
        Encoding.UTF8.GetBytes(Reason, payload.AsSpan(sizeof(ushort)));
        return payload;
    }

    // 1004 to 1006 and 1015 stand for what was never sent; 1016 to 2999 are the protocol's own for later.
    private static bool MayBeSent(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
