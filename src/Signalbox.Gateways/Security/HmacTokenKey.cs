using System.Security.Cryptography;

namespace Signalbox.Gateways.Security;

internal sealed class HmacTokenKey(string? id, byte[] secret) : TokenKey(id, "HS256")
{
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, signed, right);
        return CryptographicOperations.FixedTimeEquals(right, signature);
    }
}
