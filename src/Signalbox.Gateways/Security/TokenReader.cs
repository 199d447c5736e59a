using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Signalbox.Core.Names;
using Signalbox.Core.Users;

namespace Signalbox.Gateways.Security;

/// <summary>
/// Reads a JSON Web Token in its compact form, and believes it only what its signature covers.
/// <code>
///  base64url(header) . base64url(claims) . base64url(signature)
///  '------------- signed --------------'
/// </code>
/// </summary>
/// <remarks>The key decides on the algorithm; what the token names must be just that. See decision 8.</remarks>
internal sealed class TokenReader(IReadOnlyList<TokenKey> keys, SecurityOptions options)
{
    public const int MaxBytes = 8 * 1024;

    private const byte Dot = (byte)'.';

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    // Of a member that comes twice it is anybody's guess which one another reader believes.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public TokenError TryRead(ReadOnlySpan<byte> token, DateTimeOffset now, out Identity? identity)
    {
        identity = null;
        if (token.Length > MaxBytes) return TokenError.TooLong;

        var headerEnd = token.IndexOf(Dot);
        var claimsEnd = token.LastIndexOf(Dot);
        if (headerEnd < 1 || claimsEnd <= headerEnd) return TokenError.Malformed;
        if (!TryDecode(token[..headerEnd], out var header)) return TokenError.Malformed;
        if (!TryDecode(token[(headerEnd + 1)..claimsEnd], out var claims)) return TokenError.Malformed;
        if (!TryDecode(token[(claimsEnd + 1)..], out var signature)) return TokenError.Malformed;

        var error = CheckSignature(header, token[..claimsEnd], signature);
        return error == TokenError.None ? ReadClaims(claims, now, out identity) : error;
    }

    private TokenError CheckSignature(byte[] headerBytes, ReadOnlySpan<byte> signed, byte[] signature)
    {
        using var document = Parse(headerBytes);
        if (document is null) return TokenError.Malformed;

        var header = document.RootElement;
        // What is critical and not understood here must not be passed over.
        if (header.TryGetProperty("crit", out _)) return TokenError.Malformed;
        if (!TryText(header, "alg", out var algorithm) || algorithm is null) return TokenError.Malformed;
        if (!TryText(header, "kid", out var id)) return TokenError.Malformed;

        var error = TokenError.UnknownKey;
        foreach (var key in keys)
        {
            if (key.Algorithm != algorithm || (id is not null && key.Id is not null && key.Id != id)) continue;
            if (key.Verify(signed, signature)) return TokenError.None;
            error = TokenError.WrongSignature;
        }

        return error;
    }

    private TokenError ReadClaims(byte[] bytes, DateTimeOffset now, out Identity? identity)
    {
        identity = null;
        using var document = Parse(bytes);
        if (document is null) return TokenError.Malformed;

        var claims = document.RootElement;
        if (!TryMoment(claims, "exp", out var expires) || !TryMoment(claims, "nbf", out var notBefore)
            || !TryMoment(claims, "iat", out var issued) || !TryText(claims, "iss", out var issuer)
            || !TryText(claims, "sub", out var subject) || !TryText(claims, "jti", out var id))
        {
            return TokenError.Malformed;
        }

        if (expires is null || expires - now > options.MaxTokenAge) return TokenError.BadLifetime;
        if (expires + options.ClockSkew <= now) return TokenError.Expired;
        if (notBefore - options.ClockSkew > now || issued - options.ClockSkew > now) return TokenError.NotYetValid;
        if (options.Issuer is not null && options.Issuer != issuer) return TokenError.WrongIssuer;
        if (options.Audience is not null && !IsFor(claims, options.Audience)) return TokenError.WrongAudience;
        if (subject is not null && (!Name.IsValid(subject) || Name.IsSystem(subject))) return TokenError.BadSubject;
        if (!TryRights(claims, out var rights)) return TokenError.BadRights;

        identity = new Identity(
            subject, subject, rights, expires + options.ClockSkew, new TokenStamp(id, issued), IsAnonymous: false);
        return TokenError.None;
    }

    private static bool TryRights(JsonElement claims, out Rights rights)
    {
        rights = Rights.Nothing;
        if (!claims.TryGetProperty("signalbox", out var claim)) return true;
        if (claim.ValueKind != JsonValueKind.Object) return false;

        try
        {
            return claim.Deserialize(RightsJson.Default.RightsSettings)!.TryBuild(out rights) is null; // An object, so there.
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsFor(JsonElement claims, string audience)
    {
        if (!claims.TryGetProperty("aud", out var claim)) return false;
        if (claim.ValueKind == JsonValueKind.Array)
        {
            return claim.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience));
        }

        return claim.ValueKind == JsonValueKind.String && claim.ValueEquals(audience);
    }

    private static bool TryText(JsonElement element, string name, out string? text)
    {
        text = null;
        if (!element.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;

        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, as an escape: the reader has no other way to say it.
            return false;
        }
    }

    // Seconds since 1970, which may have a fraction.
    private static bool TryMoment(JsonElement claims, string name, out DateTimeOffset? moment)
    {
        moment = null;
        if (!claims.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds)) return false;
        if (seconds is < 0 or > 253_402_300_799 || !double.IsFinite(seconds)) return false;

        moment = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = [];
        // The decoder would pass over blanks and take padding: there is one way to write a token.
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1) return false;

        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var status = Base64Url.DecodeFromUtf8(text, bytes, out _, out var written);
        Array.Resize(ref bytes, written);
        return status == OperationStatus.Done;
    }
}
