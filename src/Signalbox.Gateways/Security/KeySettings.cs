using System.Security.Cryptography;
using System.Text;

namespace Signalbox.Gateways.Security;

/// <summary>A key that signs tokens. It has one algorithm: a token does not choose another.</summary>
public sealed class KeySettings
{
    // Shorter than what it signs with, a secret is the easier thing to guess.
    private const int MinSecretBytes = 32;
    private const int MinRsaBits = 2048;
    private const int EcdsaBits = 256;

    /// <summary>The <c>kid</c> of its tokens; null for tokens that name none.</summary>
    public string? Id { get; set; }

    /// <summary>HS256, RS256 or ES256.</summary>
    public string Algorithm { get; set; } = "";

    /// <summary>The secret of HS256, as text.</summary>
    public string? Secret { get; set; }

    /// <summary>A file that holds nothing but the secret.</summary>
    public string? SecretFile { get; set; }

    /// <summary>The public key of RS256 and ES256, in PEM.</summary>
    public string? PublicKey { get; set; }

    /// <summary>A file that holds the public key.</summary>
    public string? PublicKeyFile { get; set; }

    /// <returns>What is wrong, and what would be right; null where all is well. Nothing of a key is in it.</returns>
    internal string? TryBuild(out TokenKey? key)
    {
        key = null;
        try
        {
            return Algorithm switch
            {
                "HS256" => TryBuildHmac(out key),
                "RS256" => TryBuildRsa(out key),
                "ES256" => TryBuildEcdsa(out key),
                _ => "Algorithm must be HS256, RS256 or ES256.",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The key's file cannot be read: {e.Message}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"PublicKey is no public key in PEM for {Algorithm}: it begins with -----BEGIN PUBLIC KEY-----.";
        }
    }

    private string? TryBuildHmac(out TokenKey? key)
    {
        key = null;
        var text = Secret ?? (SecretFile is null ? null : File.ReadAllText(SecretFile).TrimEnd('\r', '\n'));
        if (text is null) return "HS256 needs Secret or SecretFile.";

        var secret = Encoding.UTF8.GetBytes(text);
        if (secret.Length < MinSecretBytes) return $"The secret of HS256 must have {MinSecretBytes} bytes or more: make one with 'openssl rand -hex 32'.";

        key = new HmacTokenKey(Id, secret);
        return null;
    }

    private string? TryBuildRsa(out TokenKey? key)
    {
        key = null;
        if (PublicPem() is not { } pem) return "RS256 needs PublicKey or PublicKeyFile.";

        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        if (rsa.KeySize < MinRsaBits) return $"The RSA key has {rsa.KeySize} bits; it must have {MinRsaBits} or more.";

        key = new RsaTokenKey(Id, rsa);
        return null;
    }

    private string? TryBuildEcdsa(out TokenKey? key)
    {
        key = null;
        if (PublicPem() is not { } pem) return "ES256 needs PublicKey or PublicKeyFile.";

        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        if (ecdsa.KeySize != EcdsaBits) return $"ES256 needs a key on the curve P-256; this one has {ecdsa.KeySize} bits.";

        key = new EcdsaTokenKey(Id, ecdsa);
        return null;
    }

    private string? PublicPem() => PublicKey ?? (PublicKeyFile is null ? null : File.ReadAllText(PublicKeyFile));
}
