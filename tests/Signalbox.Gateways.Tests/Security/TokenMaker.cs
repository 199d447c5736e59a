using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signalbox.Gateways.Security;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Makes tokens, right ones and wrong ones, with keys of its own.</summary>
public sealed class TokenMaker : IDisposable
{
    public const string Secret = "a secret that is long enough to sign with";
    public const string ApiKey = "a key of a backend, long enough";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>What the server is told of these keys.</summary>
    public void Configure(SecurityOptions options)
    {
        options.Keys.Add(new KeySettings { Algorithm = "HS256", Id = "hmac", Secret = Secret });
        options.Keys.Add(new KeySettings { Algorithm = "RS256", PublicKey = RsaPem });
        options.Keys.Add(new KeySettings { Algorithm = "ES256", PublicKey = _ecdsa.ExportSubjectPublicKeyInfoPem() });
    }

    public string RsaPem => _rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>A good token of this user with these rights, as JSON; it lives for an hour unless told otherwise.</summary>
    public static string Token(
        DateTimeOffset now, string? user, string rights = "{}", TimeSpan? life = null, string? id = null, string secret = Secret) =>
        Hmac("""{"alg":"HS256","typ":"JWT"}""", Claims(now, user, rights, life, id), secret);

    public static string Claims(
        DateTimeOffset now, string? user, string rights = "{}", TimeSpan? life = null, string? id = null)
    {
        var claims = new StringBuilder($$"""{"exp":{{(now + (life ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds()}},""");
        claims.Append($"\"iat\":{now.ToUnixTimeSeconds()},");
        if (user is not null) claims.Append($"\"sub\":{JsonSerializer.Serialize(user)},");
        if (id is not null) claims.Append($"\"jti\":\"{id}\",");
        return claims.Append($"\"signalbox\":{rights}}}").ToString();
    }

    public static string Hmac(string header, string claims, string secret = Secret)
    {
        var signed = Signed(header, claims);
        return Joined(signed, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }

    public string Rsa(string header, string claims)
    {
        var signed = Signed(header, claims);
        return Joined(signed, _rsa.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public string Ecdsa(string header, string claims)
    {
        var signed = Signed(header, claims);
        return Joined(signed, _ecdsa.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    /// <summary>A token that says of itself that it needs no signature.</summary>
    public static string NotSigned(string claims) => Signed("""{"alg":"none"}""", claims) + ".";

    public void Dispose()
    {
        _rsa.Dispose();
        _ecdsa.Dispose();
    }

    private static string Signed(string header, string claims) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";

    private static string Joined(string signed, byte[] signature) => $"{signed}.{Base64Url.EncodeToString(signature)}";
}
