using System.Security.Cryptography;
using System.Text;

namespace Signalbox.Gateways.Security;

/// <summary>A backend's key: a long random text that is sent where others send a token.</summary>
public sealed class ApiKeySettings
{
    private const int MinKeyLength = 20;

    /// <summary>Whose it is, for rate limits.</summary>
    public string Name { get; set; } = "";

    /// <summary>The SHA-256 of the key in hexadecimal, so that the settings do not hold the key itself.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The key itself, where its hash is not given.</summary>
    public string? Key { get; set; }

    public RightsSettings Rights { get; set; } = new();

    /// <returns>What is wrong, and what would be right; null where all is well. Nothing of the key is in it.</returns>
    internal string? TryBuild(out ApiKey? key)
    {
        key = null;
        if (!Core.Names.Name.IsValid(Name)) return "Name must say whose the key is.";
        if ((Sha256 is null) == (Key is null)) return "Give either Sha256 or Key.";
        if (Key is { Length: < MinKeyLength }) return $"Key must have {MinKeyLength} characters or more: make one with 'openssl rand -hex 32'.";
        if (Rights.TryBuild(out var rights) is { } problem) return "Rights: " + problem;

        byte[] hash;
        try
        {
            hash = Key is null ? Convert.FromHexString(Sha256!) : SHA256.HashData(Encoding.UTF8.GetBytes(Key)); // One is there.
        }
        catch (FormatException)
        {
            hash = [];
        }

        if (hash.Length != SHA256.HashSizeInBytes) return "Sha256 must be 64 hexadecimal digits: see 'printf %s KEY | sha256sum'.";

        key = new ApiKey(hash, new Identity(null, "$key/" + Name, rights, null, null, IsAnonymous: false) { IsKey = true });
        return null;
    }
}
