using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Signalbox.Gateways.Security;

/// <summary>Tells of whoever brings a token or key who that is. Every protocol asks here, and nowhere else.</summary>
/// <remarks>Whether a token was revoked its user's machine knows: it is asked when the identity is put to use.</remarks>
public sealed class Doorkeeper
{
    private readonly TokenReader _tokens;
    private readonly ApiKey[] _apiKeys;
    private readonly TimeProvider _clock;

    /// <param name="options">Validated.</param>
    public Doorkeeper(SecurityOptions options, TimeProvider clock)
    {
        _clock = clock;
        _tokens = new TokenReader([.. options.Keys.Select(Built)], options);
        _apiKeys = [.. options.ApiKeys.Select(Built)];
        HasKeys = options.HasKeys;
        HelloTimeout = options.HelloTimeout;
        RevocationTime = options.MaxTokenAge + options.ClockSkew;

        var anonymous = options.HasKeys ? Rights.Nothing : Rights.Everything;
        options.Anonymous?.TryBuild(out anonymous);
        Anonymous = Identity.Anonymous(anonymous);
    }

    /// <summary>Whether anybody can say who they are: without a key nothing that they bring is worth looking at.</summary>
    public bool HasKeys { get; }

    /// <summary>Who has brought nothing.</summary>
    public Identity Anonymous { get; }

    /// <summary>How long somebody who may do nothing has to say who they are.</summary>
    public TimeSpan HelloTimeout { get; }

    /// <summary>After this time no token that was valid at its beginning is.</summary>
    public TimeSpan RevocationTime { get; }

    /// <param name="credential">A token or an API key, in UTF-8.</param>
    public TokenError TryAdmit(ReadOnlySpan<byte> credential, out Identity? identity)
    {
        identity = null;
        if (credential.Length > TokenReader.MaxBytes) return TokenError.TooLong;

        return TryApiKey(credential, out identity)
            ? TokenError.None
            : _tokens.TryRead(credential, _clock.GetUtcNow(), out identity);
    }

    /// <summary>Who comes with this, or with nothing.</summary>
    /// <returns>What is wrong with it, in a sentence for the peer; null where all is well.</returns>
    public string? TryName(string? credential, out Identity identity)
    {
        identity = Anonymous;
        if (credential is null) return null;

        var error = TryAdmit(credential, out var known);
        identity = known ?? Anonymous;
        return error == TokenError.None ? null : TokenErrors.Explain(error);
    }

    public TokenError TryAdmit(string credential, out Identity? identity) =>
        TryAdmit(Encoding.UTF8.GetBytes(credential), out identity);

    private bool TryApiKey(ReadOnlySpan<byte> credential, out Identity? identity)
    {
        identity = null;
        if (_apiKeys.Length == 0) return false;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(credential, hash);
        foreach (var key in _apiKeys)
        {
            // All of them, so that time does not tell which one it was.
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash)) identity = key.Identity;
        }

        return identity is not null;
    }

    private static TokenKey Built(KeySettings settings) =>
        settings.TryBuild(out var key) is null ? key! : throw new UnreachableException("The options were validated.");

    private static ApiKey Built(ApiKeySettings settings) =>
        settings.TryBuild(out var key) is null ? key! : throw new UnreachableException("The options were validated.");
}
