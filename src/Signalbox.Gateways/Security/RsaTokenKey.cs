using System.Security.Cryptography;
using Signalbox.Gates;

namespace Signalbox.Gateways.Security;

/// <remarks>The platform does not promise that its key may be used by several threads at once.</remarks>
internal sealed class RsaTokenKey(string? id, RSA rsa) : TokenKey(id, "RS256")
{
    private readonly Gate _gate = new(GateRank.TokenKey);

    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using (_gate.Enter()) return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
