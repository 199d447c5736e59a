using System.Security.Cryptography;

namespace Signalbox.Gateways.Security;

/// <remarks>The platform does not promise that its key may be used by several threads at once.</remarks>
internal sealed class RsaTokenKey(string? id, RSA rsa) : TokenKey(id, "RS256")
{
    private readonly Lock _gate = new();

    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        lock (_gate) return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
